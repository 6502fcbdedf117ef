// Stand-in for nvidia-smi over the stand-in NVML: --query-gpu=… --format=csv[,noheader][,nounits]
// [--id=N] [--loop-ms=N], --query-compute-apps=pid,used_gpu_memory, and the memory of MIG instances out
// of -q -x. The same faults apply.
#include "nvml_stub.c"

static const char *const fields[] = {"index", "uuid", "name", "memory.total", "memory.reserved", "memory.used", "memory.free",
    "driver_version", "compute_cap", "power.draw", "power.limit", "mig.mode.current", "utilization.gpu", "temperature.gpu", NULL};
static const char *unitOf(const char *field) {
  return strncmp(field, "memory.", 7) == 0 ? "MiB" : strncmp(field, "power.", 6) == 0 ? "W" : strcmp(field, "utilization.gpu") == 0 ? "%" : NULL;
}
static void printCell(const char *field, void *h, int units) {
  char text[128] = "[N/A]";
  MemoryV2 m = {sizeof m | 2u << 24};
  int major, minor, hasMemory = nvmlDeviceGetMemoryInfo_v2(h, &m) == 0;
  unsigned number, pending, rates[2];
  if (!strcmp(field, "index")) { if (!nvmlDeviceGetIndex(h, &number)) sprintf(text, "%u", number); }
  else if (!strcmp(field, "uuid")) nvmlDeviceGetUUID(h, text, sizeof text);
  else if (!strcmp(field, "name")) nvmlDeviceGetName(h, text, sizeof text);
  else if (!strcmp(field, "driver_version")) nvmlSystemGetDriverVersion(text, sizeof text);
  else if (!strcmp(field, "compute_cap")) { if (!nvmlDeviceGetCudaComputeCapability(h, &major, &minor)) sprintf(text, "%d.%d", major, minor); }
  else if (!strcmp(field, "power.draw")) { if (!nvmlDeviceGetPowerUsage(h, &number)) sprintf(text, "%.2f", number / 1000.); }
  else if (!strcmp(field, "power.limit")) { if (!nvmlDeviceGetEnforcedPowerLimit(h, &number)) sprintf(text, "%.2f", number / 1000.); }
  else if (!strcmp(field, "mig.mode.current")) { if (!nvmlDeviceGetMigMode(h, &number, &pending)) sprintf(text, number ? "Enabled" : "Disabled"); }
  else if (!strcmp(field, "utilization.gpu")) { if (!nvmlDeviceGetUtilizationRates(h, rates)) sprintf(text, "%u", rates[0]); }
  else if (!strcmp(field, "temperature.gpu")) { if (!nvmlDeviceGetTemperature(h, 0, &number)) sprintf(text, "%u", number); }
  else if (hasMemory) {
    Bytes bytes = !strcmp(field, "memory.total") ? m.total : !strcmp(field, "memory.reserved") ? m.reserved : !strcmp(field, "memory.used") ? m.used : m.free;
    sprintf(text, "%llu", bytes >> 20);
  }
  printf("%s", text);
  if (units && unitOf(field) && text[0] != '[') printf(" %s", unitOf(field));
}
static void printMig(void) {
  printf("<?xml version=\"1.0\" ?>\n<nvidia_smi_log>\n");
  for (int i = 0; i < deviceCount(); i++) {
    void *h, *part;
    if (nvmlDeviceGetHandleByIndex_v2(i, &h)) continue;
    printf("<gpu id=\"%d\"><mig_devices>\n", i);
    for (int k = 0; nvmlDeviceGetMigDeviceHandleByIndex(h, k, &part) == 0; k++)
      printf("<mig_device><index>%d</index><mig_profile>%dg</mig_profile><fb_memory_usage><total>%llu MiB</total><free>%llu MiB</free></fb_memory_usage></mig_device>\n",
             k, 7 / migCount(), total(part) >> 20, (total(part) - used(part)) >> 20);
    printf("</mig_devices></gpu>\n");
  }
  printf("</nvidia_smi_log>\n");
}
static void printProcesses(void) {
  printf("pid, used_gpu_memory [MiB]\n");
  for (int i = 0; i < deviceCount(); i++) {
    void *h;
    ProcessInfo list[64];
    unsigned count = 64;
    if (nvmlDeviceGetHandleByIndex_v2(i, &h) || nvmlDeviceGetComputeRunningProcesses_v3(h, &count, list)) continue;
    for (unsigned k = 0; k < count; k++) printf("%u, %llu MiB\n", list[k].pid, list[k].usedGpuMemory >> 20);
  }
}
int main(int argc, char **argv) {
  char *query[32], text[512] = "", format[64] = "csv";
  int n = 0, id = -1, loopMs = 0, xml = 0, apps = 0;
  for (int i = 1; i < argc; i++) {
    if (!strncmp(argv[i], "--query-gpu=", 12)) snprintf(text, sizeof text, "%s", argv[i] + 12);
    else if (!strncmp(argv[i], "--format=", 9)) snprintf(format, sizeof format, "%s", argv[i] + 9);
    else if (!strncmp(argv[i], "--id=", 5)) id = atoi(argv[i] + 5);
    else if (!strncmp(argv[i], "--loop-ms=", 10)) loopMs = atoi(argv[i] + 10);
    else if (!strcmp(argv[i], "-x")) xml = 1;
    else if (!strcmp(argv[i], "--query-compute-apps=pid,used_gpu_memory")) apps = 1;
  }
  int code = nvmlInit_v2();
  if (code == 9) { printf("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n"); return 9; }
  if (code == 18) { printf("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.00\n"); return 18; }
  if (code) { printf("Failed to initialize NVML: %s\n", nvmlErrorString(code)); return code; }
  if (xml) { printMig(); return 0; }
  if (apps) { printProcesses(); return 0; }
  char *rest = text;
  for (char *field; n < 32 && (field = strtok_r(rest, ",", &rest));) {
    int known = 0;
    for (int k = 0; fields[k]; k++) known |= !strcmp(fields[k], field);
    if (!known) { printf("Field \"%s\" is not a valid field to query.\n\n", field); return 2; }
    query[n++] = field;
  }
  int units = !strstr(format, "nounits");
  if (deviceCount() == 0) { printf("No devices were found\n"); return 6; }
  do {
    if (!strstr(format, "noheader")) {
      for (int k = 0; k < n; k++) printf(k ? ", %s%s%s%s" : "%s%s%s%s", query[k], units && unitOf(query[k]) ? " [" : "", units && unitOf(query[k]) ? unitOf(query[k]) : "", units && unitOf(query[k]) ? "]" : "");
      printf("\n");
    }
    for (int i = 0; i < deviceCount(); i++) {
      void *h;
      if (id >= 0 && id != i) continue;
      code = nvmlDeviceGetHandleByIndex_v2(i, &h);
      if (code) { printf("Unable to determine the device handle for GPU%d: %s\n", i, code == 15 ? "GPU is lost.  Reboot the system to recover this GPU" : nvmlErrorString(code)); return 15; }
      for (int k = 0; k < n; k++) { if (k) printf(", "); printCell(query[k], h, units); }
      printf("\n");
    }
    fflush(stdout);
    if (loopMs) sleepMs(loopMs);
  } while (loopMs);
  return 0;
}
