// Stand-in for the CUDA runtime: memory is real (mmap, counted), kernels do nothing.
// It lets the shipped CUDA execution provider load, place nodes, size its arena and run out of memory
// on a machine without a GPU. Results and times under it mean nothing.
//
// Besides stub.h's variables: CUDA_STUB_CONTEXT_BYTES (counted as used once a process opens a device),
// CUDA_STUB_REPORT=1 (one line on exit), CUDA_STUB_LOG=1 (every allocation and copy). CUDA_VISIBLE_DEVICES works.
#include "stub.h"
#include <pthread.h>
#include "driver_types.h"

typedef struct { char *start; size_t bytes; int device; } Block;
static Block blocks[1 << 16];
static int blockCount = 0;
static Published own, *page = &own;
static int isOpen[maxDevices];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int current = 0;  // as the process counts: behind CUDA_VISIBLE_DEVICES

static int fault(const char *function);
#define FAULT { int code = fault(__func__); if (code) return code; }

static int visible[maxDevices], visibleCount = -1;
/** Fills `visible`, once: a list of numbers ends at the first that is no device, as CUDA's does. */
static void readVisible(void) {
  if (visibleCount >= 0) return;
  const char *list = getenv("CUDA_VISIBLE_DEVICES");
  int n = 0, count = migCount() > 0 ? 1 : migCount() == 0 ? 0 : deviceCount();
  for (int i = 0; !list && i < count; i++) visible[n++] = i;
  while (list && *list && n < maxDevices) {
    char *end;
    long index = strtol(list, &end, 10);
    if (end == list || index < 0 || index >= count) break;
    visible[n++] = (int)index;
    list = *end == ',' ? end + 1 : "";
  }
  visibleCount = n;
}
static int physical(int ordinal) { readVisible(); return ordinal >= 0 && ordinal < visibleCount ? visible[ordinal] : -1; }
static __thread int lastError = 0;
/** A call that fails leaves its code behind, which is how the failure of a launch is found. */
static int fault(const char *function) {
  int code = faultOf("CUDA", function, physical(current));
  if (code) lastError = code;
  return code;
}

static Bytes contextBytes(void) { const char *v = getenv("CUDA_STUB_CONTEXT_BYTES"); return v ? strtoull(v, 0, 10) : 0; }
static Bytes visibleBytes(int device) { return migCount() > 0 ? totalBytes(device) / migCount() : totalBytes(device); }
static int logging(void) { return getenv("CUDA_STUB_LOG") != NULL; }

static void pagePath(char *out, size_t size) { snprintf(out, size, "%s/cuda-stub-%d", sharedFolder(), (int)getpid()); }
static void publish(void) {
  if (page != &own) return;
  char path[512];
  pagePath(path, sizeof path);
  int fd = open(path, O_RDWR | O_CREAT, 0644);
  if (fd < 0 || ftruncate(fd, sizeof own) != 0) return;
  Published *shared = mmap(0, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (shared == MAP_FAILED) return;
  *shared = own;
  page = shared;
}
static void openDevice(int device) {
  publish();
  if (!isOpen[device]) page->usedBytes[device] += contextBytes();
  isOpen[device] = 1;
}
static int allocate(void **out, size_t bytes) {
  int device = physical(current);
  if (device < 0) return 100;  // cudaErrorNoDevice
  pthread_mutex_lock(&lock);
  openDevice(device);
  Bytes inUse = page->usedBytes[device];
  if (inUse + usedByProcesses(device, getpid()) + bytes > visibleBytes(device) || blockCount == (1 << 16)) {
    pthread_mutex_unlock(&lock);
    if (logging()) fprintf(stderr, "[cuda-stub] cudaMalloc %zu failed, %llu in use\n", bytes, inUse);
    return 2;  // cudaErrorMemoryAllocation
  }
  char *p = mmap(0, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  blocks[blockCount++] = (Block){p, bytes, device};
  page->usedBytes[device] += bytes;
  if (page->usedBytes[device] > page->peakBytes) page->peakBytes = page->usedBytes[device];
  pthread_mutex_unlock(&lock);
  if (logging()) fprintf(stderr, "[cuda-stub] cudaMalloc %zu, %llu in use\n", bytes, page->usedBytes[device]);
  *out = p;
  return 0;
}
static int release(void *p) {
  pthread_mutex_lock(&lock);
  for (int i = blockCount - 1; i >= 0; i--)
    if (blocks[i].start == p) {
      munmap(p, blocks[i].bytes ? blocks[i].bytes : 1);
      page->usedBytes[blocks[i].device] -= blocks[i].bytes;
      blocks[i] = blocks[--blockCount];
      break;
    }
  pthread_mutex_unlock(&lock);
  return 0;
}
static const Block *blockOf(const void *p) {
  for (int i = 0; i < blockCount; i++)
    if ((char *)p >= blocks[i].start && (char *)p < blocks[i].start + blocks[i].bytes) return &blocks[i];
  return NULL;
}
static void copy(void *dst, const void *src, size_t n) {
  int kind = (blockOf(src) ? 2 : 0) | (blockOf(dst) ? 1 : 0);
  page->copies[kind]++;
  page->copiedBytes[kind] += n;
  if (logging() && kind != 3) fprintf(stderr, "[cuda-stub] copy of %zu bytes %s\n", n, kind == 1 ? "to the device" : kind == 2 ? "to the host" : "within the host");
  memmove(dst, src, n);
}

int cudaMalloc(void **p, size_t n) { FAULT return allocate(p, n); }
int cudaMallocFromPoolAsync(void **p, size_t n, void *pool, void *stream) { FAULT return allocate(p, n); }
int cudaFree(void *p) { return release(p); }
int cudaFreeAsync(void *p, void *stream) { return release(p); }
int cudaMallocHost(void **p, size_t n) { FAULT *p = malloc(n); return 0; }
int cudaHostAlloc(void **p, size_t n, unsigned flags) { FAULT *p = malloc(n); return 0; }
int cudaFreeHost(void *p) { free(p); return 0; }
int cudaMemGetInfo(size_t *freeBytes, size_t *total) {
  FAULT
  int device = physical(current);
  if (device < 0) return 100;
  *total = visibleBytes(device);
  *freeBytes = *total - page->usedBytes[device] - usedByProcesses(device, getpid());
  return 0;
}
int cudaGetDeviceCount(int *n) { FAULT readVisible(); *n = visibleCount; return visibleCount ? 0 : 100; }
int cudaGetDevice(int *n) { FAULT *n = current; return 0; }
int cudaSetDevice(int n) {
  FAULT
  readVisible();
  if (visibleCount == 0) return 100;
  if (physical(n) < 0) return 101;  // cudaErrorInvalidDevice
  current = n;
  pthread_mutex_lock(&lock);
  openDevice(physical(n));
  pthread_mutex_unlock(&lock);
  return 0;
}
int cudaGetDeviceProperties(struct cudaDeviceProp *p, int ordinal) {
  FAULT
  int device = physical(ordinal);
  if (device < 0) return 101;
  memset(p, 0, sizeof *p);
  deviceName(device, p->name, sizeof p->name);
  p->totalGlobalMem = visibleBytes(device);
  p->major = capability(device) / 10; p->minor = capability(device) % 10;
  p->pciBusID = 0x1e + device;
  p->multiProcessorCount = 40; p->warpSize = 32; p->maxThreadsPerBlock = 1024;
  p->maxThreadsDim[0] = p->maxThreadsDim[1] = 1024; p->maxThreadsDim[2] = 64;
  p->maxGridSize[0] = 2147483647; p->maxGridSize[1] = p->maxGridSize[2] = 65535;
  p->sharedMemPerBlock = 49152; p->sharedMemPerMultiprocessor = p->sharedMemPerBlockOptin = 65536;
  p->regsPerBlock = p->regsPerMultiprocessor = 65536; p->maxThreadsPerMultiProcessor = 1024;
  p->l2CacheSize = 4 << 20; p->unifiedAddressing = p->concurrentKernels = p->memoryPoolsSupported = p->cooperativeLaunch = 1;
  p->totalConstMem = 65536;
  return 0;
}
int cudaDeviceGetAttribute(int *v, int attribute, int ordinal) {
  FAULT
  int device = physical(ordinal);
  if (device < 0) return 101;
  switch (attribute) {
    case 75: *v = capability(device) / 10; break;
    case 76: *v = capability(device) % 10; break;
    case 16: *v = 40; break;
    case 97: case 81: case 82: *v = 65536; break;
    case 8: *v = 49152; break;
    case 10: *v = 32; break;
    case 1: case 39: *v = 1024; break;
    default: *v = 1;
  }
  return 0;
}
int cudaDriverGetVersion(int *v) { FAULT *v = 13000; return 0; }
int cudaRuntimeGetVersion(int *v) { FAULT *v = 13000; return 0; }
int cudaStreamCreate(void **s) { FAULT *s = malloc(64); return 0; }
int cudaStreamCreateWithFlags(void **s, unsigned flags) { FAULT *s = malloc(64); return 0; }
int cudaStreamDestroy(void *s) { return 0; }
int cudaStreamIsCapturing(void *s, int *v) { FAULT *v = 0; return 0; }
int cudaEventCreate(void **s) { FAULT *s = malloc(64); return 0; }
int cudaEventCreateWithFlags(void **s, unsigned flags) { FAULT *s = malloc(64); return 0; }
int cudaEventElapsedTime(float *ms, void *a, void *b) { FAULT *ms = 0.1f; return 0; }
int cudaMemcpy(void *d, const void *s, size_t n, int kind) { FAULT copy(d, s, n); return 0; }
int cudaMemcpyAsync(void *d, const void *s, size_t n, int kind, void *stream) { FAULT copy(d, s, n); return 0; }
int cudaMemcpyFromSymbol(void *d, const void *s, size_t n, size_t offset, int kind) { FAULT memset(d, 0, n); return 0; }
int cudaMemset(void *p, int v, size_t n) { FAULT return 0; }
int cudaMemsetAsync(void *p, int v, size_t n, void *stream) { FAULT return 0; }
int cudaPointerGetAttributes(struct cudaPointerAttributes *a, const void *p) {
  FAULT
  const Block *block = blockOf(p);
  memset(a, 0, sizeof *a);
  a->type = block ? 2 : 0;
  a->device = block ? current : -1;
  return 0;
}
int cudaMemPoolCreate(void **p, void *props) { FAULT *p = malloc(8); return 0; }
int cudaFuncGetAttributes(struct cudaFuncAttributes *a, void *f) { FAULT memset(a, 0, sizeof *a); a->maxThreadsPerBlock = 1024; a->numRegs = 32; return 0; }
int cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *n, const void *f, int b, size_t s, unsigned flags) { FAULT *n = 2; return 0; }
int cudaGetDriverEntryPointByVersion(const char *s, void **f, unsigned v, unsigned long long flags, int *q) { FAULT *f = 0; if (q) *q = 1; return 0; }
int __cudaPopCallConfiguration(void *g, void *b, size_t *s, void *stream) { *s = 0; *(void **)stream = 0; return 0; }
int __cudaPushCallConfiguration() { return 0; }
int cudaLaunchKernel() { FAULT page->launches++; return 0; }
int __cudaLaunchKernel() { int code = fault("cudaLaunchKernel"); if (code) return code; page->launches++; return 0; }
int cudaLaunchKernelExC() { int code = fault("cudaLaunchKernel"); if (code) return code; page->launches++; return 0; }
int cudaLaunchHostFunc(void *stream, void (*fn)(void *), void *user) { FAULT fn(user); return 0; }
int cudaGetLastError(void) { int code = lastError; lastError = 0; return code; }
int cudaPeekAtLastError(void) { return lastError; }

/** CUDA's own words for the errors that are played. */
static const struct { int code; const char *name, *words; } errors[] = {
    {0, "cudaSuccess", "no error"},
    {2, "cudaErrorMemoryAllocation", "out of memory"},
    {35, "cudaErrorInsufficientDriver", "CUDA driver version is insufficient for CUDA runtime version"},
    {46, "cudaErrorDevicesUnavailable", "CUDA-capable device(s) is/are busy or unavailable"},
    {100, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {101, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {209, "cudaErrorNoKernelImageForDevice", "no kernel image is available for execution on the device"},
    {214, "cudaErrorECCUncorrectable", "uncorrectable ECC error encountered"},
    {700, "cudaErrorIllegalAddress", "an illegal memory access was encountered"},
    {719, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {802, "cudaErrorSystemNotReady", "system not yet initialized"},
    {803, "cudaErrorSystemDriverMismatch", "system has unsupported display driver / cuda driver combination"},
    {804, "cudaErrorCompatNotSupportedOnDevice", "forward compatibility was attempted on non supported HW"},
    {999, "cudaErrorUnknown", "unknown error"},
};
static const char *wordsOf(int code, int named) {
  for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++)
    if (errors[i].code == code) return named ? errors[i].name : errors[i].words;
  return "unrecognized error code";
}
const char *cudaGetErrorName(int e) { return wordsOf(e, 1); }
const char *cudaGetErrorString(int e) { return wordsOf(e, 0); }
void **__cudaRegisterFatBinary(void *x) { static void *handle[4]; return handle; }
void __cudaRegisterFatBinaryEnd(void *x) {}

__attribute__((destructor)) static void leave(void) {
  char path[512];
  pagePath(path, sizeof path);
  unlink(path);
  if (getenv("CUDA_STUB_REPORT"))
    fprintf(stderr, "[cuda-stub] peakBytes=%llu launches=%llu h2d=%llu/%lluB d2h=%llu/%lluB d2d=%llu/%lluB\n", page->peakBytes, page->launches,
            page->copies[1], page->copiedBytes[1], page->copies[2], page->copiedBytes[2], page->copies[3], page->copiedBytes[3]);
}
