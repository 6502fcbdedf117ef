import { expect, it } from 'vitest'
import { MiB } from '../../core/units'
import { parseMigDevices } from './migDevices'

const xml = `<?xml version="1.0" ?>
<nvidia_smi_log>
  <attached_gpus>2</attached_gpus>
  <gpu id="00000000:07:00.0">
    <product_name>NVIDIA A100-SXM4-40GB</product_name>
    <fb_memory_usage><total>40960 MiB</total><used>620 MiB</used><free>40340 MiB</free></fb_memory_usage>
  </gpu>
  <gpu id="00000000:0F:00.0">
    <product_name>NVIDIA A100-SXM4-40GB</product_name>
    <mig_devices>
      <mig_device>
        <index>0</index>
        <gpu_instance_id>1</gpu_instance_id>
        <mig_profile>3g.20gb</mig_profile>
        <fb_memory_usage><total>20096 MiB</total><reserved>0 MiB</reserved><used>11 MiB</used><free>20085 MiB</free></fb_memory_usage>
      </mig_device>
      <mig_device>
        <index>1</index>
        <fb_memory_usage><total>N/A</total><used>N/A</used><free>N/A</free></fb_memory_usage>
      </mig_device>
    </mig_devices>
  </gpu>
</nvidia_smi_log>`

it('finds the instances of each GPU with their own memory', () => {
  expect(parseMigDevices(xml)).toEqual([
    {
      gpuIndex: 1,
      index: 0,
      profile: '3g.20gb',
      memoryTotalBytes: 20_096 * MiB,
      memoryFreeBytes: 20_085 * MiB,
    },
    { gpuIndex: 1, index: 1, profile: null, memoryTotalBytes: null, memoryFreeBytes: null },
  ])
})

it.each(['', 'No devices were found', '<gpu><mig_device>'])('finds none in %j', (text) => {
  expect(parseMigDevices(text)).toEqual([])
})
