// What an answer costs: the real program over TLS with keep-alive on one core, the load from
// another, on real reviews, against a floor in the same run: the same server answering a constant.
//
//   bench BALLAST [SECONDS]
//
// Prints, for each review and for both, requests a second (closed loop), the CPU that the program
// used for one, waiting times at 1,000 requests a second (open loop), and resident memory.
#include <sched.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/bench/load.h"
#include "tests/fakes/http_client.h"
#include "tests/fakes/program.h"

namespace ballast::bench {
namespace {

namespace fs = std::filesystem;

// Where both are the same, the numbers say little; the program says so.
void Pin(pid_t pid, int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    sched_setaffinity(std::atoi(task.path().filename().c_str()), sizeof(set), &set);
  }
}

// User and system time of a process, in microseconds.
double CpuMicros(pid_t pid) {
  // Nanoseconds on a cpu, of every thread: finer than the ticks of /proc/PID/stat.
  double total = 0;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    std::ifstream file(task.path() / "schedstat");
    double nanoseconds = 0;
    if (file >> nanoseconds) total += nanoseconds / 1000;
  }
  return total;
}

std::string Read(const fs::path& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

struct Row {
  double per_second = 0;
  double cpu_micros = 0;
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;
  size_t failed = 0;
  size_t answer_bytes = 0;
  bool patched = false;
};

struct Subject {
  std::string name;
  std::unique_ptr<fakes::Program> program;
  int port = 0;
};

Subject Start(const std::string& binary, const fs::path& folder, bool constant) {
  const std::string data = std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/";
  std::vector<std::string> arguments = {
      binary,           "serve",    "--listen",           "127.0.0.1:0", "--state-dir",
      folder / "state", "--policy", data + "policy.yaml", "--cluster",   data + "cluster.yaml"};
  if (constant) arguments.push_back("--bench-constant");
  Subject subject{constant ? "floor" : "ballast", std::make_unique<fakes::Program>(arguments), 0};
  subject.port = subject.program->Port("\"listening\"");
  Pin(subject.program->pid(), 0);
  return subject;
}

Row Measure(const Subject& subject, const std::string& body, std::chrono::milliseconds time) {
  Load load;
  load.port = subject.port;
  load.request = fakes::Post("/mutate?timeout=10s", body);
  load.time = std::chrono::milliseconds(500);
  Run(load);  // warm
  load.time = time;
  const double before = CpuMicros(subject.program->pid());
  const Measured closed = Run(load);
  const double used = CpuMicros(subject.program->pid()) - before;
  load.per_second = 1000;
  const Measured open = Run(load);
  return {closed.PerSecond(),     used / static_cast<double>(closed.answered),
          open.Percentile(0.5),   open.Percentile(0.99),
          open.Percentile(0.999), closed.failed + open.failed,
          closed.answer.size(),   closed.answer.find("\"patch\"") != std::string::npos};
}

void Print(const char* review, const std::string& name, const Row& row) {
  std::printf("%-14s %-8s %9.0f %9.1f %8.0f %8.0f %8.0f %7zu %s%s\n", review, name.c_str(),
              row.per_second, row.cpu_micros, row.p50, row.p99, row.p999, row.answer_bytes,
              row.patched ? "patched" : "", row.failed > 0 ? "  FAILED REQUESTS" : "");
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench BALLAST [SECONDS]\n");
    return 2;
  }
  const auto time = std::chrono::milliseconds(argc > 2 ? std::atoi(argv[2]) * 1000 : 3000);
  std::string pattern = (fs::temp_directory_path() / "ballast-bench-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  Pin(getpid(), cpus > 1 ? 1 : 0);
  if (cpus < 2) std::printf("one processor only: program and load share it\n");
  const Subject floor = Start(argv[1], folder, true);
  const Subject ballast = Start(argv[1], folder, false);
  if (floor.port == 0 || ballast.port == 0) return 1;
  std::printf("%-14s %-8s %9s %9s %8s %8s %8s %7s\n", "review", "server", "req/s", "cpu us",
              "p50 us", "p99 us", "p99.9 us", "answer");
  bool reached = true;
  for (const char* review : {"app-3k", "app-14k", "pod-exec"}) {
    const std::string body = Read(fs::path(BALLAST_SOURCE_DIR) / "tests/testdata/bench" /
                                  (std::string(review) + ".json"));
    const Row low = Measure(floor, body, time);
    const Row row = Measure(ballast, body, time);
    Print(review, floor.name, low);
    Print(review, ballast.name, row);
    const double ratio = row.cpu_micros / low.cpu_micros;
    const double later = (row.p999 - low.p999) / 1000;
    std::printf("%-14s %.2f times the floor's cpu (to reach: 1.50), p99.9 %+.2f ms (1.00)\n",
                review, ratio, later);
    reached = reached && ratio <= 1.5 && later <= 1 && row.failed == 0;
  }
  const double resident = static_cast<double>(ballast.program->ResidentBytes()) / (1 << 20);
  std::printf("resident memory %.1f MiB (to reach: 32.0)\n", resident);
  reached = reached && resident < 32;
  std::printf(reached ? "all reached\n" : "NOT all reached\n");
  fs::remove_all(folder);
  return reached ? 0 : 1;
}

}  // namespace
}  // namespace ballast::bench

int main(int argc, char** argv) { return ballast::bench::Main(argc, argv); }
