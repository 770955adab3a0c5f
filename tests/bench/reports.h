// What `make bench` prints, part by part; each says whether it reached what was asked.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace ballast::bench {

struct Bench {
  std::string binary;            // ballast
  std::string httplib_floor;     // cpp-httplib's own server, answering a constant
  std::filesystem::path folder;  // for files; removed afterwards
  std::chrono::milliseconds round{1000};
  int rounds = 5;
};

// serving_report.cc: CPU of a request, waiting and memory, against a floor.
bool ReportServing(const Bench& bench);
// cluster_report.cc: what a review costs by the number of nodes, and reading them.
bool ReportClusterSize(const Bench& bench);
bool ReportReadingNodes(const Bench& bench);

// How busy the machine is; what it does besides makes every figure worse.
void PrintMachine();

}  // namespace ballast::bench
