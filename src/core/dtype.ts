/** Element types as onnxruntime and PyTorch users call them. */
export type DataType =
  'fp32' | 'fp16' | 'bf16' | 'fp64' | 'int8' | 'int4' | 'uint8' | 'int32' | 'int64' | 'bool'

/** Bytes that one stored element takes. */
export const bytesPerElement: Readonly<Record<DataType, number>> = {
  fp64: 8,
  fp32: 4,
  fp16: 2,
  bf16: 2,
  int8: 1,
  int4: 0.5,
  uint8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
}

/** What a benchmark is asked for; in training fp16 means fp16-mixed and int8 quantization-aware. */
export type Precision = 'fp32' | 'fp16' | 'bf16' | 'int8'
export const precisions: readonly Precision[] = ['fp32', 'fp16', 'bf16', 'int8']
