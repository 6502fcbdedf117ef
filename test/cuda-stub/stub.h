// What all stand-ins share: which devices there are, which calls fail or hang, and the page on which
// each process publishes what it holds, so that NVML and other processes can see it.
//
// Lists have one item per device, separated by ';'; the last item stands for all devices after it.
//   CUDA_STUB_DEVICES      how many GPUs (1; up to 16; 0 is a driver without a GPU)
//   CUDA_STUB_NAME         list of names ("Stub T4 (no GPU)"): a name must keep the word Stub
//   CUDA_STUB_TOTAL_BYTES  list of what CUDA sees of each (a T4's 14 912 MiB)
//   CUDA_STUB_CC           list of compute capabilities without the dot (75)
//   CUDA_STUB_MIG          GPU 0 is cut into that many instances; CUDA sees the first of them alone
//   CUDA_STUB_SHARED       folder of the published pages (/dev/shm): one per machine that is played
//   CUDA_STUB_FAIL, NVML_STUB_FAIL              calls that fail: "cudaMalloc=2,cudaSetDevice=hang:60000"
//   CUDA_STUB_FAULT_FILE, NVML_STUB_FAULT_FILE  a file with the same text, read at every call, so that
//                          a fault can come and go while a program runs
// An item is FUNCTION=CODE or FUNCTION=hang:MS; FUNCTION@2 means the device 2 alone, * every function.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { maxDevices = 16 };
typedef unsigned long long Bytes;

/** One process's page. Copies: 1 host to device, 2 device to host, 3 device to device. */
typedef struct {
  Bytes usedBytes[maxDevices];
  Bytes peakBytes, launches;
  Bytes copies[4], copiedBytes[4];
} Published;

static void listItem(const char *variable, int index, const char *fallback, char *out, size_t size) {
  const char *list = getenv(variable);
  if (!list) list = fallback;
  for (; index > 0 && strchr(list, ';'); index--) list = strchr(list, ';') + 1;
  size_t n = strcspn(list, ";");
  if (n >= size) n = size - 1;
  memcpy(out, list, n);
  out[n] = 0;
}
static int deviceCount(void) {
  const char *v = getenv("CUDA_STUB_DEVICES");
  int n = v ? atoi(v) : 1;
  return n < 0 ? 0 : n > maxDevices ? maxDevices : n;
}
/** Instances that GPU 0 is cut into; -1 where MIG is off. */
static int migCount(void) { const char *v = getenv("CUDA_STUB_MIG"); return v ? atoi(v) : -1; }
static Bytes totalBytes(int device) {
  char item[64];
  listItem("CUDA_STUB_TOTAL_BYTES", device, "15636365312", item, sizeof item);
  return strtoull(item, 0, 10);
}
static int capability(int device) { char item[16]; listItem("CUDA_STUB_CC", device, "75", item, sizeof item); return atoi(item); }
static void deviceName(int device, char *out, size_t size) { listItem("CUDA_STUB_NAME", device, "Stub T4 (no GPU)", out, size); }

static void sleepMs(long ms) { struct timespec t = {ms / 1000, (ms % 1000) * 1000000L}; nanosleep(&t, 0); }

/** The code that `function` is to return, after having hung for as long as it is told to. */
static int faultOf(const char *family, const char *function, int device) {
  char variable[64], text[2048] = "", *rest = text, *item;
  snprintf(variable, sizeof variable, "%s_STUB_FAIL", family);
  const char *env = getenv(variable);
  if (env) snprintf(text, sizeof text, "%s", env);
  snprintf(variable, sizeof variable, "%s_STUB_FAULT_FILE", family);
  const char *path = getenv(variable);
  FILE *f = path ? fopen(path, "r") : NULL;
  if (f) { size_t n = fread(text, 1, sizeof text - 1, f); text[n] = 0; fclose(f); }
  while ((item = strtok_r(rest, ", \n", &rest))) {
    char *value = strchr(item, '='), *only = strchr(item, '@');
    if (!value) continue;
    *value++ = 0;
    if (only) { *only++ = 0; if (atoi(only) != device) continue; }
    if (strcmp(item, "*") != 0 && strcmp(item, function) != 0) continue;
    if (strncmp(value, "hang:", 5) != 0) return atoi(value);
    sleepMs(atol(value + 5));
  }
  return 0;
}

static const char *sharedFolder(void) { const char *v = getenv("CUDA_STUB_SHARED"); return v ? v : "/dev/shm"; }
/** Calls `each` with every living process's page; pages of the dead are removed: their memory is free again. */
static void eachProcess(void (*each)(unsigned pid, const Published *page, void *context), void *context) {
  DIR *dir = opendir(sharedFolder());
  for (struct dirent *e; dir && (e = readdir(dir));) {
    unsigned pid;
    char path[512];
    Published page = {0};
    if (sscanf(e->d_name, "cuda-stub-%u", &pid) != 1) continue;
    snprintf(path, sizeof path, "%s/%s", sharedFolder(), e->d_name);
    if (kill((pid_t)pid, 0) != 0) { remove(path); continue; }
    FILE *f = fopen(path, "r");
    if (!f) continue;
    if (fread(&page, 1, sizeof page, f) > 0) each(pid, &page, context);
    fclose(f);
  }
  if (dir) closedir(dir);
}
typedef struct { int device; unsigned except; Bytes bytes; } Sum;
static void addUsed(unsigned pid, const Published *page, void *context) {
  Sum *sum = context;
  if (pid != sum->except) sum->bytes += page->usedBytes[sum->device];
}
/** Bytes that processes hold on a device, all but `except`. */
static Bytes usedByProcesses(int device, unsigned except) {
  Sum sum = {device, except, 0};
  eachProcess(addUsed, &sum);
  return sum.bytes;
}
