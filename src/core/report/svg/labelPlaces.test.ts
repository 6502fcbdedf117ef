import { expect, it } from 'vitest'
import { labelPlaces } from './labelPlaces'

it('puts the name of the rightmost at its right, the others above and below in turn', () => {
  expect(labelPlaces([5, 9, 4])).toEqual(['bottom', 'right', 'top'])
  expect(labelPlaces([1])).toEqual(['right'])
})
