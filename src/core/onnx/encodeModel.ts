import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import type { DataType } from '../dtype'
import { type Attribute, byteCount, type Graph, liveNodes, type Node, type Value } from './graph'
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProtoSchema,
} from './proto/onnx_pb.gen'
import { InputError } from '../errors'

/** IR 10 came with opset 21 (ONNX 1.16): the newest that onnxruntime-web's and older tools also read. */
const irVersion = 10n
const opsetVersion = 21n

/** Protobuf counts message sizes in signed 32 bits. */
export const maxModelBytes = 2 ** 31 - 1

const dataTypes: Readonly<Record<DataType, TensorProto_DataType>> = {
  fp64: TensorProto_DataType.DOUBLE,
  fp32: TensorProto_DataType.FLOAT,
  fp16: TensorProto_DataType.FLOAT16,
  bf16: TensorProto_DataType.BFLOAT16,
  int8: TensorProto_DataType.INT8,
  int4: TensorProto_DataType.INT4,
  uint8: TensorProto_DataType.UINT8,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
}

/**
 * The graph as an ONNX model that `InferenceSession.create` takes.
 * Throws InputError where its stored tensors reach the 2 GiB that a protobuf can hold.
 */
export function encodeModel(graph: Graph): Uint8Array {
  const nodes = liveNodes(graph)
  const isRead = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ name }) => name)))
  const initializers = graph.initializers.filter(({ value }) => isRead.has(value.name))
  checkModelSize(initializers.map(({ value }) => value))
  const outputNames = new Map(graph.outputs.map(({ name, value }) => [value.name, name]))
  // An output's own name replaces the one that its value was built under.
  const nameOf = ({ name }: Value): string => outputNames.get(name) ?? name

  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'headroom',
    opsetImport: [
      { domain: '', version: opsetVersion },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: {
      name: graph.name,
      node: nodes.map((node) => encodeNode(node, nameOf)),
      initializer: initializers.map(({ value, bytes }) => ({
        name: value.name,
        dataType: dataTypes[value.dtype],
        dims: value.shape.map(BigInt),
        rawData: bytes,
      })),
      input: graph.inputs.map((value) => valueInfo(value.name, value)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
    },
  })
  return toBinary(ModelProtoSchema, model)
}

/** Throws InputError where tensors stored in one model would pass protobuf's limit. */
export function checkModelSize(stored: readonly Pick<Value, 'dtype' | 'shape'>[]): void {
  const bytes = stored.reduce((sum, value) => sum + byteCount(value), 0)
  if (bytes <= maxModelBytes) return
  throw new InputError({
    code: 'INVALID_VALUE',
    path: 'model',
    message: `${bytes} bytes of weights do not fit into one ONNX file (protobuf's limit is ${maxModelBytes}); take fewer layers`,
  })
}

function encodeNode(
  node: Node,
  nameOf: (value: Value) => string,
): MessageInitShape<typeof NodeProtoSchema> {
  return {
    opType: node.opType,
    domain: node.domain,
    name: nameOf(node.outputs[0]!),
    input: node.inputs.map(nameOf),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).map(([name, attribute]) => ({
      name,
      ...encodeAttribute(attribute),
    })),
  }
}

function encodeAttribute(attribute: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  switch (attribute.type) {
    case 'int':
      return { type: AttributeProto_AttributeType.INT, i: BigInt(attribute.value) }
    case 'ints':
      return { type: AttributeProto_AttributeType.INTS, ints: attribute.value.map(BigInt) }
    case 'float':
      return { type: AttributeProto_AttributeType.FLOAT, f: attribute.value }
    case 'string':
      return {
        type: AttributeProto_AttributeType.STRING,
        s: new TextEncoder().encode(attribute.value),
      }
  }
}

function valueInfo(name: string, value: Value): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = value.shape.map((size) => ({
    value: { case: 'dimValue' as const, value: BigInt(size) },
  }))
  const tensor = { elemType: dataTypes[value.dtype], shape: { dim } }
  return { name, type: { value: { case: 'tensorType', value: tensor } } }
}
