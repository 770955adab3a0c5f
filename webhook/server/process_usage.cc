#include "webhook/server/process_usage.h"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <fstream>

namespace ballast::webhook {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessUsage CurrentUsage() {
  ProcessUsage usage;
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  if (statm >> total >> resident) usage.resident_bytes = resident * sysconf(_SC_PAGESIZE);
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  usage.cpu_seconds = Seconds(used.ru_utime) + Seconds(used.ru_stime);
  return usage;
}

void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // Where even that is refused, the server makes do with what it has.
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

void KeepMemorySmall() {
  mallopt(M_ARENA_MAX, 2);
  // Large blocks come from the kernel and go back to it at once.
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

}  // namespace ballast::webhook
