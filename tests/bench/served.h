// The program under load: started, pinned to the first processor, measured from the second.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/fakes/program.h"

namespace ballast::bench {

// A webhook that listens on loopback. Its log goes to a file: a reader of it would take its time
// from the generator of the load.
class Served {
 public:
  // `arguments` come behind `ballast serve --listen ... --state-dir ...`.
  Served(const std::string& binary, const std::filesystem::path& folder, const std::string& name,
         const std::vector<std::string>& arguments);

  bool started() const { return port_ != 0; }
  int port() const { return port_; }
  // User and system time of all its threads so far.
  double CpuMicros() const;
  int64_t ResidentBytes() const { return program_->ResidentBytes(); }
  // The body of its answer to one review.
  std::string Answer(const std::string& body) const;

 private:
  std::unique_ptr<fakes::Program> program_;
  int port_ = 0;
};

// As fast as it answers.
struct Throughput {
  double per_second = 0;
  double cpu_micros = 0;  // of the program, for one request
  size_t failed = 0;
};
Throughput MeasureThroughput(const Served& served, const std::string& body,
                             std::chrono::milliseconds time);

// At a fixed rate, waiting counted from when a request was due.
struct Latency {
  double p50 = 0;  // microseconds
  double p99 = 0;
  double p999 = 0;
  size_t failed = 0;
};
Latency MeasureLatency(const Served& served, const std::string& body, double per_second,
                       std::chrono::milliseconds time);

double Median(std::vector<double> values);

std::string ReadFile(const std::filesystem::path& file);

}  // namespace ballast::bench
