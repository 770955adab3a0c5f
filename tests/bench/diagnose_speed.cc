// How fast `ballast diagnose` reads an event log, against how fast `zstd -dc FILE | wc -l` does:
//
//   diagnose_bench build/ballast EVENT_LOG [MEGABYTES]
//
// EVENT_LOG is a real one, plain; it is repeated with other ids until it is as large as was asked
// for (1,000 MB), and compressed with zstd as Spark does it. Each of both is measured three times
// in turns, and medians are printed, with the most memory that `diagnose` took.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr int kRounds = 3;

// Every number after `mark` becomes larger by `by`.
void RaiseNumbers(std::string& line, const std::string& mark, long by) {
  for (size_t at = 0; (at = line.find(mark, at)) != std::string::npos;) {
    at += mark.size();
    size_t end = at;
    while (end < line.size() && line[end] >= '0' && line[end] <= '9') ++end;
    if (end == at) continue;
    line.replace(at, end - at, std::to_string(std::stol(line.substr(at, end - at)) + by));
  }
}

// The log's lines over and over, as other stages, tasks and jobs.
void WriteLarge(const std::string& from, const std::string& to, size_t bytes) {
  std::ifstream file(from);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  FILE* packed = popen(("zstd -q -1 -f -o " + to).c_str(), "w");
  size_t written = 0;
  for (long round = 0; written < bytes; ++round) {
    for (std::string line : lines) {
      if (line.find("SparkListenerApplicationEnd") != std::string::npos) continue;
      for (const char* mark : {"\"Stage ID\":", "\"Task ID\":", "\"Job ID\":"}) {
        RaiseNumbers(line, mark, round * 1000);
      }
      line += '\n';
      written += line.size();
      std::fwrite(line.data(), 1, line.size(), packed);
    }
  }
  pclose(packed);
}

struct Measured {
  double seconds = 0;
  long kilobytes = 0;  // the most that a process of it held
};

Measured Run(const std::string& command) {
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  rusage usage = {};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::exit(1);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return {took.count(), usage.ru_maxrss};
}

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: diagnose_bench BALLAST EVENT_LOG [MEGABYTES]\n");
    return 2;
  }
  const size_t megabytes = argc > 3 ? std::stoul(argv[3]) : 1000;
  const std::string large = "/tmp/diagnose-bench-" + std::to_string(getpid()) + ".zstd";
  WriteLarge(argv[2], large, megabytes * 1'000'000);
  std::vector<double> floor;
  std::vector<double> diagnose;
  long kilobytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    floor.push_back(Run("sh -c 'zstd -dc " + large + " | wc -l' > /dev/null").seconds);
    const Measured own = Run(std::string(argv[1]) + " diagnose " + large + " > /dev/null");
    diagnose.push_back(own.seconds);
    kilobytes = std::max(kilobytes, own.kilobytes);
  }
  std::remove(large.c_str());
  double load[1] = {};
  getloadavg(load, 1);
  const auto size = static_cast<double>(megabytes);
  std::printf("%.0f MB of events, load %.1f\n", size, load[0]);
  std::printf("  zstd -dc | wc -l   %.2f s  %.0f MB/s\n", Median(floor), size / Median(floor));
  std::printf("  ballast diagnose   %.2f s  %.0f MB/s, %ld MiB at most\n", Median(diagnose),
              size / Median(diagnose), kilobytes / 1024);
  std::printf("  ratio              %.2f (to reach: 0.33)\n", Median(floor) / Median(diagnose));
  return 0;
}
