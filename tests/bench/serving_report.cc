#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/parsing.h"
#include "tests/bench/reports.h"
#include "tests/bench/served.h"

namespace ballast::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kMostTimesTheFloor = 1.5;
constexpr double kMostLaterMicros = 1000;
constexpr double kMostResidentMiB = 32;
constexpr double kRate = 1000;

struct Row {
  std::vector<double> per_second, cpu, p50, p99, p999;
  size_t failed = 0;

  void Add(const Throughput& closed, const Latency& open) {
    per_second.push_back(closed.per_second);
    cpu.push_back(closed.cpu_micros);
    p50.push_back(open.p50);
    p99.push_back(open.p99);
    p999.push_back(open.p999);
    failed += closed.failed + open.failed;
  }
};

std::vector<std::string> DemoFiles() {
  const std::string data = std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/";
  return {"--policy", data + "policy.yaml", "--cluster", data + "cluster.yaml"};
}

void Print(const std::string& review, const char* server, const Row& row, size_t answer) {
  std::printf("  %-9s %-8s %9.0f %9.1f %8.0f %8.0f %9.0f %7zu%s\n", review.c_str(), server,
              Median(row.per_second), Median(row.cpu), Median(row.p50), Median(row.p99),
              Median(row.p999), answer, row.failed > 0 ? "  FAILED REQUESTS" : "");
}

// The same review of a kind that is nobody's business: read, logged, counted and let through, which
// is the least that a webhook does.
std::string OfAnotherKind(std::string review) {
  constexpr std::string_view kKind = "\"kind\":\"";
  const size_t request = review.find("\"request\":");
  const size_t whole = review.find("\"kind\":{", request);
  const size_t name = review.find(kKind, whole + kKind.size());
  if (name != std::string::npos) review.insert(name + kKind.size(), "Other");
  return review;
}

// All take turns, so that what else the machine does meets all of them.
bool Compare(const Bench& bench, const Served& ballast, const std::string& review) {
  const std::string body =
      ReadFile(fs::path(BALLAST_SOURCE_DIR) / "tests/testdata/bench" / (review + ".json"));
  const std::string answer = ballast.Answer(body);
  std::vector<std::string> arguments = DemoFiles();
  arguments.insert(arguments.end(), {"--bench-constant", answer});
  const Served floor(bench.binary, bench.folder, "floor-" + review, arguments);
  const Served httplib(bench.httplib_floor, bench.folder, "httplib-" + review, arguments);
  if (answer.empty() || !floor.started() || !httplib.started()) {
    std::printf("  %-9s cannot be measured: no answer\n", review.c_str());
    return false;
  }
  const auto time = bench.round;
  Row low, row;
  const std::string unjudged = OfAnotherKind(body);
  std::vector<double> plain, parsing, least;
  for (int i = 0; i < bench.rounds; ++i) {
    plain.push_back(MeasureThroughput(httplib, body, time).cpu_micros);
    parsing.push_back(ParseMicros(body, time / 10));
    least.push_back(MeasureThroughput(ballast, unjudged, time).cpu_micros);
    low.Add(MeasureThroughput(floor, body, time), MeasureLatency(floor, body, kRate, 3 * time));
    row.Add(MeasureThroughput(ballast, body, time), MeasureLatency(ballast, body, kRate, 3 * time));
  }
  Print(review, "floor", low, answer.size());
  Print(review, "ballast", row, answer.size());
  const double ratio = Median(row.cpu) / Median(low.cpu);
  const double later = Median(row.p999) - Median(low.p999);
  const bool reached =
      ratio <= kMostTimesTheFloor && later <= kMostLaterMicros && row.failed + low.failed == 0;
  std::printf(
      "  %-9s %s; %+.1f us, %.2f times the floor's (to reach %.2f); p99.9 %+.2f ms (to "
      "reach %+.2f)\n",
      review.c_str(), answer.find("\"patch\"") != std::string::npos ? "patched" : "not patched",
      Median(row.cpu) - Median(low.cpu), ratio, kMostTimesTheFloor, later / 1000,
      kMostLaterMicros / 1000);
  std::printf(
      "  %-9s cpp-httplib's own server needs %.1f us for the same constant: %.2f times that\n",
      review.c_str(), Median(plain), Median(row.cpu) / Median(plain));
  std::printf(
      "  %-9s reading its JSON alone takes %.1f us: with the floor %.2f times the floor's\n",
      review.c_str(), Median(parsing), 1 + Median(parsing) / Median(low.cpu));
  std::printf(
      "  %-9s of a kind that is not judged (read, logged, counted): %.1f us, %.2f times the "
      "floor's\n",
      review.c_str(), Median(least), Median(least) / Median(low.cpu));
  return reached;
}

}  // namespace

bool ReportServing(const Bench& bench) {
  std::printf(
      "\nServing: TLS and keep-alive, 8 connections, the program on one processor and the load on\n"
      "another; medians of %d rounds. The floor is the same server, which receives, decrypts and\n"
      "gathers each review in the same way, and answers a constant: Ballast's own answer to that\n"
      "review, byte for byte. Waiting is at %.0f requests a second (open loop). What cpp-httplib's "
      "own\n"
      "server needs for that constant is told beside it, and what simdjson needs to read the "
      "review.\n\n",
      bench.rounds, kRate);
  std::printf("  %-9s %-8s %9s %9s %8s %8s %9s %7s\n", "review", "server", "req/s", "cpu us",
              "p50 us", "p99 us", "p99.9 us", "answer");
  const Served ballast(bench.binary, bench.folder, "ballast", DemoFiles());
  if (!ballast.started()) return false;
  bool reached = true;
  for (const char* review : {"app-3k", "app-14k", "pod-exec"}) {
    reached = Compare(bench, ballast, review) && reached;
  }
  const double resident = static_cast<double>(ballast.ResidentBytes()) / (1 << 20);
  std::printf("  resident memory %.1f MiB (to reach %.1f)\n", resident, kMostResidentMiB);
  return reached && resident < kMostResidentMiB;
}

}  // namespace ballast::bench
