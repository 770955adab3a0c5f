// The real program with a policy, a cluster and certificates of its own, and an ordinary client
// whose answers and waiting times are watched while others misbehave.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/fakes/http_client.h"
#include "tests/fakes/program.h"

namespace ballast::service_test {

// A review of a SparkApplication that is admitted as it is.
std::string OrdinaryReview();
// 64 GiB and 16 cores a node.
std::string ClusterText(int nodes);
std::string PolicyText(int max_executors);

class RunningService {
 public:
  explicit RunningService(std::vector<std::string> more_arguments = {}, bool start = true);
  ~RunningService();

  void Start();
  // Certificates from this folder instead of its own; before Start.
  void ServeFrom(const std::filesystem::path& cert_dir);
  fakes::Client Connect() const { return fakes::Client(client); }
  std::optional<fakes::Answer> Ask(const std::string& request) const {
    return fakes::Ask(client, request);
  }
  std::filesystem::path path(const char* name) const { return folder / name; }
  void Write(const char* name, const std::string& text) const;

  std::filesystem::path folder;
  std::vector<std::string> arguments;
  std::unique_ptr<fakes::Program> program;
  fakes::ClientOptions client;
  fakes::ClientOptions plain;  // the same port without TLS
};

// Asks on one connection, again and again, from making to StopAfter.
class OrdinaryClient {
 public:
  explicit OrdinaryClient(const fakes::ClientOptions& options);
  ~OrdinaryClient() { StopAfter(0); }
  // Goes on until it has asked so often in all.
  void StopAfter(size_t least);

  // After StopAfter.
  size_t answered() const { return times_.size(); }
  size_t failed() const { return failed_; }
  double Percentile(double share) const;  // milliseconds

 private:
  void Run(const fakes::ClientOptions& options);

  std::atomic<size_t> least_{std::numeric_limits<size_t>::max()};
  std::vector<double> times_;
  size_t failed_ = 0;
  std::thread thread_;
};

}  // namespace ballast::service_test
