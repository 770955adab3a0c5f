#include "tests/bench/served.h"

#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "tests/bench/load.h"
#include "tests/fakes/http_client.h"

namespace ballast::bench {
namespace {

namespace fs = std::filesystem;

// Threads come and go only at the start.
void Pin(pid_t pid, int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    sched_setaffinity(std::atoi(task.path().filename().c_str()), sizeof(set), &set);
  }
}

// The port of the line of the log that says where it listens; 0: it does not.
int PortIn(const fs::path& log) {
  constexpr std::string_view kKey = "\"port\":";
  for (int i = 0; i < 1000; ++i) {
    const std::string text = ReadFile(log);
    const size_t line = text.find("\"listening\"");
    const size_t at = text.find(kKey, line);
    if (line != std::string::npos && text.find('\n', line) != std::string::npos &&
        at != std::string::npos) {
      return std::atoi(text.c_str() + at + kKey.size());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return 0;
}

Load LoadOn(const Served& served, const std::string& body, std::chrono::milliseconds time) {
  Load load;
  load.port = served.port();
  load.request = fakes::Post("/mutate?timeout=10s", body);
  load.time = time;
  return load;
}

}  // namespace

Served::Served(const std::string& binary, const fs::path& folder, const std::string& name,
               const std::vector<std::string>& arguments) {
  const fs::path log = folder / (name + ".log");
  std::vector<std::string> command = {"/bin/sh",
                                      "-c",
                                      R"(log="$1"; shift; exec "$@" 2>"$log")",
                                      "sh",
                                      log,
                                      binary,
                                      "serve",
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--state-dir",
                                      folder / "state"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  program_ = std::make_unique<fakes::Program>(command);
  port_ = PortIn(log);
  Pin(program_->pid(), 0);
}

double Served::CpuMicros() const {
  // Nanoseconds on a cpu: finer than the ticks of /proc/PID/stat.
  double total = 0;
  const std::string tasks = "/proc/" + std::to_string(program_->pid()) + "/task";
  for (const auto& task : fs::directory_iterator(tasks)) {
    std::ifstream file(task.path() / "schedstat");
    double nanoseconds = 0;
    if (file >> nanoseconds) total += nanoseconds / 1000;
  }
  return total;
}

std::string Served::Answer(const std::string& body) const {
  fakes::ClientOptions client;
  client.port = port_;
  const auto answer = fakes::Ask(client, fakes::Post("/mutate?timeout=10s", body));
  return answer ? answer->body : std::string();
}

Throughput MeasureThroughput(const Served& served, const std::string& body,
                             std::chrono::milliseconds time) {
  Load load = LoadOn(served, body, time / 5);
  Run(load);  // warm
  load.time = time;
  const double before = served.CpuMicros();
  const Measured measured = Run(load);
  const double used = served.CpuMicros() - before;
  return {measured.PerSecond(), used / static_cast<double>(std::max<size_t>(measured.answered, 1)),
          measured.failed};
}

Latency MeasureLatency(const Served& served, const std::string& body, double per_second,
                       std::chrono::milliseconds time) {
  Load load = LoadOn(served, body, time);
  load.per_second = per_second;
  const Measured measured = Run(load);
  return {measured.Percentile(0.5), measured.Percentile(0.99), measured.Percentile(0.999),
          measured.failed};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

std::string ReadFile(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace ballast::bench
