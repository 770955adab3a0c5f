// How fast `ballast diagnose` reads an event log, against how fast `zstd -dc FILE | wc -l` does,
// and how much memory it takes for it:
//
//   diagnose_bench build/ballast EVENT_LOG [MEGABYTES]
//
// EVENT_LOG is a real one, plain or compressed with zstd, or a folder with one in it. It is
// repeated with other ids until it is as large as was asked for (1,000 MB), and compressed with
// zstd as Spark does it. Both are measured three times in turns, and the medians are printed. Then
// four such logs whose zstd windows are of 128 MiB are read at once. Fails where a limit is not
// kept.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 3;
constexpr double kLeastRatio = 1.0 / 3;
constexpr long kMostMebibytes = 256;
constexpr int kAtOnce = 4;

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "diagnose_bench: %s\n", why.c_str());
  std::exit(1);
}

// The one event log in a folder of logs.
std::string EventLogOf(const std::string& path) {
  if (!fs::is_directory(path)) return path;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("local-") || name.starts_with("app-")) return entry.path().string();
  }
  Fail(path + " has no event log");
}

std::vector<std::string> LinesOf(const std::string& path) {
  FILE* unpacked = popen(("zstd -dcqf '" + path + "'").c_str(), "r");
  std::string text;
  std::vector<char> part(1 << 16);
  while (const size_t got = std::fread(part.data(), 1, part.size(), unpacked)) {
    text.append(part.data(), got);
  }
  if (pclose(unpacked) != 0 || text.empty()) Fail("cannot read " + path);
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

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
  const std::vector<std::string> lines = LinesOf(from);
  FILE* packed = popen(("zstd -q -1 -f -o " + to).c_str(), "w");
  size_t written = 0;
  for (long round = 0; written < bytes; ++round) {
    for (std::string line : lines) {
      if (line.find("SparkListenerApplicationEnd") != std::string::npos) continue;
      for (const char* mark : {"\"Stage ID\":", "\"Task ID\":", "\"Job ID\":"}) {
        RaiseNumbers(line, mark, round * 10'000);
      }
      line += '\n';
      written += line.size();
      std::fwrite(line.data(), 1, line.size(), packed);
    }
  }
  if (pclose(packed) != 0) Fail("cannot write " + to);
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
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) Fail("failed: " + command);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return {took.count(), usage.ru_maxrss};
}

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// A file in the temporary folder, gone at the end.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path(fs::temp_directory_path() / (name + std::to_string(getpid()))) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { fs::remove(path); }
  std::string path;
};

bool MeasureSpeed(const std::string& ballast, const std::string& log, double megabytes) {
  std::vector<double> floor;
  std::vector<double> diagnose;
  long kilobytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    floor.push_back(Run("sh -c 'zstd -dc " + log + " | wc -l' > /dev/null").seconds);
    const Measured own = Run(ballast + " diagnose " + log + " > /dev/null");
    diagnose.push_back(own.seconds);
    kilobytes = std::max(kilobytes, own.kilobytes);
  }
  double load[1] = {};
  getloadavg(load, 1);
  const double ratio = Median(floor) / Median(diagnose);
  std::printf("%.0f MB of events, load %.1f\n", megabytes, load[0]);
  std::printf("  zstd -dc | wc -l   %.2f s  %.0f MB/s\n", Median(floor), megabytes / Median(floor));
  std::printf("  ballast diagnose   %.2f s  %.0f MB/s, %ld MiB at most (limit: %ld)\n",
              Median(diagnose), megabytes / Median(diagnose), kilobytes / 1024, kMostMebibytes);
  std::printf("  ratio              %.2f (to reach: %.2f)\n", ratio, kLeastRatio);
  return ratio >= kLeastRatio && kilobytes / 1024 < kMostMebibytes;
}

// A window is as large as what came before, so the log has to be longer than it.
bool MeasureWindows(const std::string& ballast, const std::string& log) {
  const TemporaryFile wide("diagnose-bench-wide-");
  Run("sh -c 'zstd -dcq " + log + " | head -c 200000000 | zstd -q -1 --long=27 -f -o " + wide.path +
      "'");
  std::string command = ballast + " diagnose";
  for (int i = 0; i < kAtOnce; ++i) command += " " + wide.path;
  const Measured own = Run(command + " > /dev/null");
  std::printf("%d logs of 200 MB with windows of 128 MiB\n", kAtOnce);
  std::printf("  ballast diagnose   %.2f s, %ld MiB at most (limit: %ld)\n", own.seconds,
              own.kilobytes / 1024, kMostMebibytes);
  return own.kilobytes / 1024 < kMostMebibytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: diagnose_bench BALLAST EVENT_LOG [MEGABYTES]\n");
    return 2;
  }
  const size_t megabytes = argc > 3 ? std::stoul(argv[3]) : 1000;
  const TemporaryFile large("diagnose-bench-");
  WriteLarge(EventLogOf(argv[2]), large.path, megabytes * 1'000'000);
  const bool fast = MeasureSpeed(argv[1], large.path, static_cast<double>(megabytes));
  const bool small = MeasureWindows(argv[1], large.path);
  return fast && small ? 0 : 1;
}
