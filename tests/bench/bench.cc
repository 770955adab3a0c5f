// What Ballast costs, in one report: serving against a floor, reviews by the size of the cluster,
// reading lists of nodes.
//
//   load_bench BALLAST HTTPLIB_FLOOR [ROUNDS]
//
// Ends with 0 where all was reached that is asked of Ballast. Figures are worth as much as the
// machine is quiet: the report says how busy it was.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/bench/reports.h"
#include "tests/bench/served.h"

namespace ballast::bench {

void PrintMachine() {
  std::printf("%ld processors; load of the machine: %s", sysconf(_SC_NPROCESSORS_ONLN),
              ReadFile("/proc/loadavg").c_str());
}

namespace {

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: load_bench BALLAST HTTPLIB_FLOOR [ROUNDS]\n");
    return 2;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "ballast-bench-XXXXXX").string();
  Bench bench{argv[1], argv[2], mkdtemp(pattern.data())};
  if (argc > 3) bench.rounds = std::max(1, std::atoi(argv[3]));
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  PrintMachine();
  const bool one = sysconf(_SC_NPROCESSORS_ONLN) < 2;
  if (one) std::printf("program and load share the one processor: the figures say little\n");
  cpu_set_t load_cpu;
  CPU_ZERO(&load_cpu);
  CPU_SET(one ? 0 : 1, &load_cpu);
  const bool reading = ReportReadingNodes(bench);
  sched_setaffinity(0, sizeof(load_cpu), &load_cpu);
  const bool serving = ReportServing(bench);
  const bool size = ReportClusterSize(bench);
  std::printf("\n");
  PrintMachine();
  const bool reached = serving && size && reading;
  std::printf(reached ? "all reached\n" : "NOT all reached\n");
  std::filesystem::remove_all(bench.folder);
  return reached ? 0 : 1;
}

}  // namespace
}  // namespace ballast::bench

int main(int argc, char** argv) { return ballast::bench::Main(argc, argv); }
