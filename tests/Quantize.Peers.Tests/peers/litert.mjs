// Runs a .tflite file of one signature and one input in Google's LiteRT, as WebAssembly under plain node:
//   node litert.mjs MODEL.tflite ITEMS.bin OUT_PREFIX
// ITEMS.bin holds any number of inputs, one after another; OUT_PREFIX0.bin, OUT_PREFIX1.bin, ... get the outputs of all of them.
// The package's own entry expects a browser; the WebAssembly module beneath it only wants these few names to exist.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';

const [modelPath, itemsPath, outputPrefix] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const wasm = join(dirname(require.resolve('@litertjs/core/package.json')), 'wasm');
Object.assign(globalThis, { require, self: globalThis, __filename: 'litert.js', __dirname: '.', GPUBuffer: class {}, GPUDevice: class {} });

const name = 'litert_wasm_compat_internal';
const createModule = runInThisContext(`${readFileSync(join(wasm, `${name}.js`), 'utf8')}\n;ModuleFactory`);
const litert = await createModule({ wasmBinary: readFileSync(join(wasm, `${name}.wasm`)), print: () => {}, printErr: () => {} });
const environment = litert.LiteRtEnvironment.create(null);

const file = readFileSync(modelPath);
const address = litert._malloc(file.length);
litert.HEAPU8.set(file, address);
const model = litert.loadModel(environment, address, file.length);
const compiled = await litert.compileModel(environment, model, {
  environment: { liteRtEnvironment: environment },
  accelerator: 'wasm',
  cpuOptions: { numThreads: 1 },
  gpuOptions: {},
  webNNOptions: {},
});

const type = model.getInputTensorType(0, 0);
const itemBytes = type.bytes();
const input = litert.LiteRtTensorBuffer.createManaged(environment, litert.LiteRtTensorBufferType.HOST_MEMORY, type, itemBytes);
const items = readFileSync(itemsPath);
const outputs = [];
for (let start = 0; start < items.length; start += itemBytes) {
  write(input, items.subarray(start, start + itemBytes));
  const results = toArray(await compiled.run(0, [input]));
  results.forEach((result, i) => {
    (outputs[i] ??= []).push(read(result));
    result.delete();
  });
}

outputs.forEach((chunks, i) => writeFileSync(`${outputPrefix}${i}.bin`, Buffer.concat(chunks)));
process.exit(0);

function write(tensor, bytes) {
  litert.HEAPU8.set(bytes, tensor.lock(litert.LiteRtTensorBufferLockMode.WRITE));
  tensor.unlock();
}

function read(tensor) {
  const start = tensor.lock(litert.LiteRtTensorBufferLockMode.READ);
  const bytes = litert.HEAPU8.slice(start, start + tensor.packedSize());
  tensor.unlock();
  return bytes;
}

function toArray(vector) {
  return Array.isArray(vector) ? vector : Array.from({ length: vector.size() }, (_, i) => vector.get(i));
}
