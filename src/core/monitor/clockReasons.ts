/** Bits of nvmlClocksEventReasons (nvml.h; nvidia-ml-py 13.615), in their order. */
export const clockReasons = [
  { name: 'gpuIdle', bit: 0x1 },
  { name: 'applicationsClocksSetting', bit: 0x2 },
  { name: 'swPowerCap', bit: 0x4 },
  { name: 'hwSlowdown', bit: 0x8 },
  { name: 'syncBoost', bit: 0x10 },
  { name: 'swThermalSlowdown', bit: 0x20 },
  { name: 'hwThermalSlowdown', bit: 0x40 },
  { name: 'hwPowerBrakeSlowdown', bit: 0x80 },
  { name: 'displayClockSetting', bit: 0x100 },
] as const
export type ClockReason = (typeof clockReasons)[number]['name']

/**
 * Reasons with which a GPU gives less than it is sold for: hardware slowdown, software and hardware
 * thermal slowdown, power brake (DCGM's diagnostic fails on the same mask). A power cap is how every
 * GPU at full load runs, and application clocks are somebody's choice.
 */
export const throttleMask = 0xe8

/** The reasons in `bits`; a bit without a name is left out. */
export function decodeClockReasons(bits: number): ClockReason[] {
  return clockReasons.filter(({ bit }) => (bits & bit) !== 0).map(({ name }) => name)
}

/** Whether the clocks are held down by heat or power supply; false where nobody reports. */
export function isThrottled(bits: number | null): boolean {
  return bits !== null && (bits & throttleMask) !== 0
}
