// What judging costs without a server around it, in one thread:
//
//   in_process_bench [REQUESTS [REVIEW...]]
//
// A review goes from its bytes to the answer's, with the line in the log and the counts, as /mutate
// has it. For profilers: one that counts instructions gives the same figure on a busy machine, too.
//
//   valgrind --tool=callgrind --toggle-collect='*AnswerOnce*' in_process_bench 200 app-14k
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/bench/served.h"
#include "webhook/server/admission_endpoint.h"

namespace ballast::bench {
namespace {

// Not inlined, so that profilers find it.
[[gnu::noinline]] size_t AnswerOnce(const webhook::HttpHandler& handler, std::string& body) {
  webhook::HttpResponse response;
  handler({"POST", "/mutate", "timeout=10s", body, "127.0.0.1:1", webhook::Clock::now()}, response);
  return response.status == 200 ? response.body.size() : 0;
}

bool Report(const webhook::HttpHandler& handler, const std::string& review, int requests) {
  const std::string text =
      ReadFile(std::string(BALLAST_SOURCE_DIR) + "/tests/testdata/bench/" + review + ".json");
  std::string body;
  body.reserve(text.size() + webhook::kBodyPadding);
  size_t answer = 0;
  std::chrono::duration<double, std::micro> spent{};
  // The first fills what is kept from request to request.
  for (int i = -1; i < requests; ++i) {
    body = text;
    const auto begin = webhook::Clock::now();
    answer = AnswerOnce(handler, body);
    if (i >= 0) spent += webhook::Clock::now() - begin;
  }
  std::printf("  %-9s %8.1f us a request, answer of %zu bytes\n", review.c_str(),
              spent.count() / requests, answer);
  return answer > 0;
}

int Main(int argc, char** argv) {
  const int requests = argc > 1 ? std::atoi(argv[1]) : 20'000;
  std::vector<std::string> reviews(argv + std::min(argc, 2), argv + argc);
  if (requests < 1) {
    std::fprintf(stderr, "usage: in_process_bench [REQUESTS [REVIEW...]]\n");
    return 2;
  }
  if (reviews.empty()) reviews = {"app-3k", "app-14k", "pod-exec"};
  const std::string demo = std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/";
  webhook::LiveSnapshot snapshot({});
  if (!snapshot.LoadPolicy(demo + "policy.yaml").empty() ||
      !snapshot.LoadCluster(demo + "cluster.yaml").empty()) {
    std::fprintf(stderr, "the demo's files cannot be read\n");
    return 1;
  }
  webhook::Metrics metrics("bench");
  webhook::DecisionTally tally;
  webhook::Log log(open("/dev/null", O_WRONLY | O_CLOEXEC), webhook::LogLevel::kInfo);
  const webhook::HttpHandler handler =
      webhook::MakeAdmissionHandler(webhook::Endpoint::kMutate, {snapshot, metrics, tally, log});
  bool good = true;
  for (const std::string& review : reviews) good = Report(handler, review, requests) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace ballast::bench

int main(int argc, char** argv) { return ballast::bench::Main(argc, argv); }
