#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/node_files.h"
#include "tests/bench/reports.h"
#include "tests/bench/served.h"

namespace ballast::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr size_t kNodes = 15000;
constexpr double kMostReadingSeconds = 2;
constexpr double kMostReadingMiB = 64;
constexpr double kMostDifference = 0.2;

struct Ran {
  bool good = false;
  double seconds = 0;
  double cpu_seconds = 0;
  double peak_mib = 0;
};

// Runs the program to its end, what it prints left aside.
Ran RunToItsEnd(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto start = Clock::now();
  const pid_t pid = fork();
  if (pid == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(126);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(pid, &status, 0, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0,
          std::chrono::duration<double>(Clock::now() - start).count(),
          seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024};
}

}  // namespace

bool ReportClusterSize(const Bench& bench) {
  std::printf(
      "\nA review by the number of nodes (app-14k, the demo's policy): cpu us a request, "
      "medians of %d\n\n",
      bench.rounds);
  const fs::path source(BALLAST_SOURCE_DIR);
  const std::string body = ReadFile(source / "tests/testdata/bench/app-14k.json");
  std::vector<std::unique_ptr<Served>> servers;
  const std::vector<size_t> sizes = {10, 1000, kNodes};
  for (const size_t nodes : sizes) {
    const fs::path file = bench.folder / ("nodes-" + std::to_string(nodes) + ".yaml");
    WriteNodes(file, NodeFile::kShortYaml, nodes);
    servers.push_back(std::make_unique<Served>(
        bench.binary, bench.folder, "nodes-" + std::to_string(nodes),
        std::vector<std::string>{"--policy", source / "webhook/demo/policy.yaml", "--cluster",
                                 file}));
    if (!servers.back()->started()) return false;
  }
  std::vector<std::vector<double>> cpu(sizes.size());
  for (int i = 0; i < bench.rounds; ++i) {
    for (size_t k = 0; k < sizes.size(); ++k) {
      cpu[k].push_back(MeasureThroughput(*servers[k], body, bench.round).cpu_micros);
    }
  }
  std::vector<double> medians;
  for (size_t k = 0; k < sizes.size(); ++k) {
    medians.push_back(Median(cpu[k]));
    std::printf("  %6zu nodes %9.1f\n", sizes[k], medians.back());
  }
  const auto [least, most] = std::minmax_element(medians.begin(), medians.end());
  const double difference = *most / *least - 1;
  std::printf("  the dearest costs %.0f %% more than the cheapest (to reach: 20 %%)\n",
              difference * 100);
  return difference <= kMostDifference;
}

bool ReportReadingNodes(const Bench& bench) {
  struct Case {
    const char* name;
    NodeFile kind;
    size_t count;
    bool bounded;  // 2 s and 64 MiB are asked of this one
  };
  constexpr Case kCases[] = {{"300 bytes of YAML each", NodeFile::kShortYaml, kNodes, true},
                             {"a full dump, YAML", NodeFile::kFullYaml, 3000, false},
                             {"a full dump, JSON", NodeFile::kFullJson, 3000, false}};
  std::printf("\nReading nodes (the whole of `ballast capacity --cluster FILE`)\n\n");
  std::printf("  %-24s %7s %8s %8s %8s %8s %9s\n", "file", "nodes", "MB", "s", "cpu s", "MB/s",
              "peak MiB");
  bool reached = true;
  for (const Case& c : kCases) {
    const fs::path file = bench.folder / "nodes";
    const double megabytes = static_cast<double>(WriteNodes(file, c.kind, c.count)) / 1e6;
    const Ran ran = RunToItsEnd({bench.binary, "capacity", "--cluster", file});
    std::printf("  %-24s %7zu %8.1f %8.2f %8.2f %8.1f %9.1f%s\n", c.name, c.count, megabytes,
                ran.seconds, ran.cpu_seconds, megabytes / ran.cpu_seconds, ran.peak_mib,
                ran.good ? "" : "  FAILED");
    reached = reached && ran.good;
    if (c.bounded) {
      std::printf("  %-24s to reach: %.0f s, %.0f MiB\n", "", kMostReadingSeconds, kMostReadingMiB);
      reached = reached && ran.seconds < kMostReadingSeconds && ran.peak_mib < kMostReadingMiB;
    }
  }
  return reached;
}

}  // namespace ballast::bench
