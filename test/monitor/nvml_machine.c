// The stand-in of test/cuda-stub as a machine of another kind. Environment, besides the stub's own:
// NVML_STUB_GPUS (how many, default 1), NVML_STUB_LOST (index of one that is lost),
// NVML_STUB_MIG (1: enabled), NVML_STUB_XID (critical error that happens once, on GPU 0),
// NVML_STUB_PROCESS (pid of one that holds 3 GiB, beside 70 others of 1 MiB each),
// NVML_STUB_SLOW_MS (every call for slow figures takes so long).
#define nvmlDeviceGetCount_v2 oneCount
#define nvmlDeviceGetHandleByIndex_v2 oneHandle
#define nvmlDeviceGetMemoryInfo_v2 oneMemory
#define nvmlDeviceGetMigMode oneMig
#define nvmlDeviceGetName oneName
#define nvmlDeviceGetPcieThroughput onePcie
#define nvmlDeviceGetComputeRunningProcesses_v3 oneProcesses
#include "../cuda-stub/nvml_stub.c"
#undef nvmlDeviceGetCount_v2
#undef nvmlDeviceGetHandleByIndex_v2
#undef nvmlDeviceGetMemoryInfo_v2
#undef nvmlDeviceGetMigMode
#undef nvmlDeviceGetName
#undef nvmlDeviceGetPcieThroughput
#undef nvmlDeviceGetComputeRunningProcesses_v3

static char gpus[64];
static int number(const char *name, int fallback) { const char *v = getenv(name); return v ? atoi(v) : fallback; }

int nvmlDeviceGetCount_v2(unsigned *n) { FAULT *n = number("NVML_STUB_GPUS", 1); return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **h) { FAULT *h = &gpus[i]; return 0; }
int nvmlDeviceGetMemoryInfo_v2(void *h, MemoryV2 *m) {
  FAULT
  if ((char *)h - gpus == number("NVML_STUB_LOST", -1)) return 15;
  return oneMemory(h, m);
}
int nvmlDeviceGetMigMode(void *h, unsigned *current, unsigned *pending) {
  FAULT
  if (!getenv("NVML_STUB_MIG")) return 3;
  *current = *pending = number("NVML_STUB_MIG", 0);
  return 0;
}
int nvmlDeviceGetName(void *h, char *s, unsigned n) { FAULT snprintf(s, n, "Stub T4 (no GPU) %d", (int)((char *)h - gpus)); return 0; }
int nvmlDeviceGetPcieThroughput(void *h, int counter, unsigned *kbps) {
  FAULT
  struct timespec t = {0, number("NVML_STUB_SLOW_MS", 0) * 1000000L};
  nanosleep(&t, 0);
  *kbps = counter == 0 ? 2048 : 4096;
  return 0;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *h, unsigned *count, ProcessInfo *out) {
  FAULT
  int pid = number("NVML_STUB_PROCESS", 0), n = pid ? 71 : 0;
  if ((unsigned)n > *count) { *count = n; return 7; }
  for (int i = 0; i < n; i++)  // the last one's bytes are not told, as under Windows
    out[i] = (ProcessInfo){i ? 4000000 + i : pid, i == 70 ? ~0ULL : i ? 1ULL << 20 : 3ULL << 30, 0xFFFFFFFF, 0xFFFFFFFF};
  *count = n;
  return 0;
}

typedef struct { void *device; unsigned long long type, data; unsigned gpuInstance, computeInstance; } EventData;
static int told;
int nvmlEventSetCreate(void **set) { FAULT *set = &told; return 0; }
int nvmlEventSetFree(void *set) { return 0; }
int nvmlDeviceRegisterEvents(void *h, unsigned long long types, void *set) { FAULT return 0; }
int nvmlEventSetWait_v2(void *set, EventData *data, unsigned timeoutMs) {
  FAULT
  if (told || !getenv("NVML_STUB_XID")) return 10;
  told = 1;
  *data = (EventData){&gpus[0], 8, number("NVML_STUB_XID", 0), 0, 0};
  return 0;
}
