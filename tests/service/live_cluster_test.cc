// The real program following an API server: what it judges by, what it tells, and that nothing the
// API server does stops it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

#include "k8s/json_text.h"
#include "tests/fakes/api_server.h"
#include "tests/service/running_service.h"

namespace ballast::service_test {
namespace {

using namespace std::chrono_literals;
using fakes::ApiServer;
using fakes::Fault;
using fakes::Get;
using fakes::kApplications;
using fakes::Post;
using nlohmann::json;

bool Becomes(const std::function<bool()>& so) {
  const auto start = std::chrono::steady_clock::now();
  while (!so()) {
    if (std::chrono::steady_clock::now() - start > 30s) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

void PutNode(ApiServer& server, const std::string& name, const std::string& memory) {
  server.store().Put(fakes::kNodes, {"", name},
                     {{"status",
                       {{"allocatable", {{"cpu", "16"}, {"memory", memory}, {"pods", "110"}}},
                        {"conditions", {{{"type", "Ready"}, {"status", "True"}}}}}}});
}

// The program with the fake as its live cluster, and no cluster file.
class Following {
 public:
  explicit Following(const ApiServer& server, std::vector<std::string> more = {})
      : service(Arguments(std::move(more)), false) {
    auto& arguments = service.arguments;
    const auto cluster = std::find(arguments.begin(), arguments.end(), "--cluster");
    arguments.erase(cluster, cluster + 2);
    service.Write("api.crt", server.authority().certificate_pem);
    service.Write("kubeconfig",
                  "current-context: fake\n"
                  "contexts: [{name: fake, context: {cluster: fake, user: fake}}]\n"
                  "clusters: [{name: fake, cluster: {server: \"" +
                      server.url() +
                      "\", certificate-authority: api.crt}}]\n"
                      "users: [{name: fake, user: {token: secret}}]\n");
    arguments.insert(arguments.end(), {"--kubeconfig", service.path("kubeconfig")});
    service.Start();
  }

  int Ready(std::string* text = nullptr) const {
    const auto answer = service.Ask(Get("/readyz"));
    if (text != nullptr && answer) *text = answer->body;
    return answer ? answer->status : 0;
  }
  std::string Validate() const {
    const auto answer = service.Ask(Post("/validate", OrdinaryReview()));
    return answer ? answer->body : "";
  }
  bool Rejects() const { return Validate().find("\"allowed\":false") != std::string::npos; }

  RunningService service;

 private:
  static std::vector<std::string> Arguments(std::vector<std::string> more) { return more; }
};

TEST(LiveCluster, IsReadyOnceNodesAreKnownAndJudgesByThem) {
  ApiServer server;
  server.Fail("/api/v1/nodes", {Fault::Kind::kStatus, 403, "Forbidden"}, 1'000'000);
  PutNode(server, "small", "2Gi");  // its executors of 4g and 10 % fit nowhere
  Following following(server);
  std::string text;
  EXPECT_TRUE(Becomes([&] {
    return following.Ready(&text) == 503 &&
           text.find(
               "[-]capacity failed: no nodes are known yet: /api/v1/nodes: the API server "
               "answered 403 Forbidden") != std::string::npos;
  })) << text;
  EXPECT_FALSE(following.Rejects());  // capacity that is not known never refuses
  server.Heal();
  EXPECT_TRUE(Becomes([&] { return following.Ready() == 200; }));
  EXPECT_TRUE(following.Rejects()) << following.Validate();
  PutNode(server, "large", "64Gi");
  EXPECT_TRUE(Becomes([&] { return !following.Rejects(); }));
  const auto metrics = following.service.Ask(Get("/metrics"));
  ASSERT_TRUE(metrics.has_value());
  EXPECT_NE(metrics->body.find("\nballast_cluster_nodes 2\n"), std::string::npos);
  for (const char* what : {"cluster", "policies", "applications"}) {
    const std::string label = std::string("{what=\"") + what + "\"} ";
    EXPECT_NE(metrics->body.find("\nballast_cluster_view_age_seconds" + label), std::string::npos);
    EXPECT_NE(metrics->body.find("\nballast_watch_failures_total" + label), std::string::npos);
  }
}

TEST(LiveCluster, IsReadyOnceApplicationsAreKnownOrRefused) {
  ApiServer server;
  PutNode(server, "large", "64Gi");
  server.Fail("/apis/spark.apache.org/v1/sparkapplications", {Fault::Kind::kHang}, 1'000'000);
  Following following(server);
  std::string text;
  EXPECT_TRUE(Becomes([&] {
    return following.Ready(&text) == 503 && text.find("[+]policy ok") != std::string::npos &&
           text.find("[+]capacity ok") != std::string::npos;
  })) << text;
  EXPECT_NE(text.find("[-]applications failed: they are not listed yet"), std::string::npos);
  server.Heal();
  server.Fail("/apis/spark.apache.org/v1/sparkapplications",
              {Fault::Kind::kStatus, 403, "Forbidden"}, 1'000'000);
  server.DropConnections();
  EXPECT_TRUE(Becomes([&] { return following.Ready(&text) == 200; })) << text;
}

TEST(LiveCluster, AServerThatIsAwayStopsNothingAndChangesNothing) {
  ApiServer server;
  PutNode(server, "small", "2Gi");
  server.GoAway();
  Following following(server);
  EXPECT_EQ(following.Ready(), 503);
  EXPECT_FALSE(following.Rejects());
  server.ComeBack();
  EXPECT_TRUE(Becomes([&] { return following.Ready() == 200; }));
  EXPECT_TRUE(following.Rejects());
  server.GoAway();
  EXPECT_NE(following.service.program->Line("watch failed"), "");
  EXPECT_EQ(following.Ready(), 200);
  EXPECT_TRUE(following.Rejects());
}

struct Stale {
  std::string name;
  std::string option;
  bool warns;
  bool rejects;
};
void PrintTo(const Stale& stale, std::ostream* out) { *out << stale.name; }

class LiveClusterStale : public testing::TestWithParam<Stale> {};

TEST_P(LiveClusterStale, FollowsTheNamedOption) {
  ApiServer server;
  PutNode(server, "small", "2Gi");
  Following following(server, {"--stale-after", "1s", "--on-stale", GetParam().option});
  ASSERT_TRUE(Becomes([&] { return following.Ready() == 200; }));
  server.GoAway();
  ASSERT_NE(following.service.program->Line("the view of the cluster is stale"), "");
  // It may have been stale and fresh again before; from now on it only ages. The audit annotation:
  std::string answer;
  EXPECT_TRUE(Becomes([&] {
    answer = following.Validate();
    return answer.find("\"stale\":") != std::string::npos;
  })) << answer;
  EXPECT_EQ(
      answer.find("ballast: the API server was last heard 0 minutes ago") != std::string::npos,
      GetParam().warns)
      << answer;
  EXPECT_EQ(following.Rejects(), GetParam().rejects) << answer;
  EXPECT_EQ(following.Ready(), 200);
  server.ComeBack();
  // All watches are heard, each again and again.
  EXPECT_TRUE(Becomes([&] {
    for (const fakes::ResourceKey& kind : {fakes::kNodes, fakes::kDaemonSets, fakes::kNamespaces,
                                           fakes::kResourceQuotas, fakes::kLimitRanges}) {
      server.store().Bookmark(kind);
    }
    return !following.service.program->Line("is fresh again", 1ms).empty();
  }));
}

INSTANTIATE_TEST_SUITE_P(Options, LiveClusterStale,
                         testing::ValuesIn(std::vector<Stale>{{"Warn", "warn", true, true},
                                                              {"Ignore", "ignore", false, true},
                                                              {"Abstain", "abstain", true, false}}),
                         [](const auto& tested) { return tested.param.name; });

// A review of the ConfigMap that a driver of jobs/daily would get: executors of 4g.
std::string SubmissionReview() {
  const json config_map = {
      {"apiVersion", "v1"},
      {"kind", "ConfigMap"},
      {"metadata", {{"name", "spark-drv-0a1b-conf-map"}, {"namespace", "jobs"}}},
      {"data",
       {{"spark.properties",
         "spark.kubernetes.driver.label.sparkoperator.k8s.io/app-name=daily\n"
         "spark.executor.memory=4g\nspark.executor.cores=2\nspark.executor.instances=2\n"}}}};
  return k8s::PrintJson(json{{"apiVersion", "admission.k8s.io/v1"},
                             {"kind", "AdmissionReview"},
                             {"request",
                              {{"uid", "u"},
                               {"kind", {{"group", ""}, {"version", "v1"}, {"kind", "ConfigMap"}}},
                               {"namespace", "jobs"},
                               {"name", "spark-drv-0a1b-conf-map"},
                               {"operation", "CREATE"},
                               {"object", config_map}}}});
}

void PutPolicy(ApiServer& server, int generation, const char* heap, const char* written) {
  server.store().Put(
      fakes::kPolicies, {"", "org"},
      {{"metadata",
        {{"name", "org"},
         {"uid", "p"},
         {"generation", generation},
         {"creationTimestamp", "2026-11-21T08:00:00Z"},
         {"managedFields",
          json::array({{{"time", written}, {"fieldsV1", {{"f:spec", json::object()}}}}})}}},
       {"spec",
        {{"limits", {{"executor", {{"heap", {{"max", heap}}}}}}},
         {"rules", {{"executor-shape", "Enforce"}}}}}});
}

// Submits that ConfigMap; whether the answer, which `body` then is, holds this.
bool Submitted(Following& following, std::string& body, const char* holds) {
  const auto answer = following.service.Ask(Post("/mutate", SubmissionReview()));
  body = answer ? answer->body : "";
  return body.find(holds) != std::string::npos;
}

TEST(LiveCluster, ARetryUnderAYoungerPolicyRunsWithTheSameSizes) {
  ApiServer server;
  server.store().Know(kApplications);
  PutNode(server, "large", "64Gi");
  server.store().Put(kApplications, {"jobs", "daily"},
                     {{"metadata",
                       {{"name", "daily"},
                        {"namespace", "jobs"},
                        {"uid", "a"},
                        {"creationTimestamp", "2026-11-21T09:00:00Z"}}}});
  PutPolicy(server, 1, "4g", "2026-11-21T08:00:00Z");
  Following following(server);
  ASSERT_TRUE(Becomes([&] { return following.Ready() == 200; }));
  std::string body;
  EXPECT_TRUE(Submitted(following, body, "\"allowed\":true"));
  EXPECT_FALSE(Submitted(following, body, "\"patch\""));
  PutPolicy(server, 2, "2g", "2026-11-21T10:00:00Z");
  EXPECT_TRUE(Becomes([&] {
    return Submitted(following, body, "left as it was decided before: executor-shape");
  })) << body;
  EXPECT_TRUE(Submitted(following, body, "\"allowed\":true"));
  EXPECT_FALSE(Submitted(following, body, "\"patch\""));
  // An application that is younger than that, too young for having been judged by anything else.
  server.store().Put(kApplications, {"jobs", "daily"},
                     {{"metadata",
                       {{"name", "daily"},
                        {"namespace", "jobs"},
                        {"uid", "b"},
                        {"creationTimestamp", "2026-11-21T10:00:01Z"}}}});
  EXPECT_TRUE(Becomes([&] { return Submitted(following, body, "rejected: executor-shape"); }))
      << body;
}

// One application, a cluster on which it does not fit any more, and its first and second run.
TEST(LiveCluster, ALaterRunOnASmallerClusterRunsWithTheSameSizes) {
  ApiServer server;
  server.store().Know(kApplications);
  PutNode(server, "small", "4Gi");
  json application = {{"metadata",
                       {{"name", "daily"},
                        {"namespace", "jobs"},
                        {"uid", "a"},
                        {"creationTimestamp", "2026-11-21T09:00:00Z"}}}};
  server.store().Put(kApplications, {"jobs", "daily"}, application);
  PutPolicy(server, 1, "4g", "2026-11-21T08:00:00Z");
  Following following(server);
  ASSERT_TRUE(Becomes([&] { return following.Ready() == 200; }));
  std::string body;
  EXPECT_TRUE(Becomes([&] { return Submitted(following, body, "\"patch\""); })) << body;
  application["status"] = {{"executionAttempts", 1},
                           {"lastSubmissionAttemptTime", "2026-11-21T09:00:03Z"}};
  server.store().Put(kApplications, {"jobs", "daily"}, application);
  EXPECT_TRUE(Becomes([&] {
    return Submitted(following, body, "left as it was decided before: executor-fits-node");
  })) << body;
  EXPECT_TRUE(Submitted(following, body, "\"allowed\":true"));
  EXPECT_FALSE(Submitted(following, body, "\"patch\""));
}

TEST(LiveCluster, EndsInTimeDuringWatchesAndWhateverTheServerDoes) {
  const auto ends = [](ApiServer& server, const std::string& part) {
    Following following(server);
    ASSERT_TRUE(server.WaitFor(part, 1));
    following.service.program->Signal(SIGTERM);
    EXPECT_EQ(following.service.program->Wait(10s), 0) << part;
  };
  ApiServer watching;
  ends(watching, "watch=1");
  ApiServer hanging;
  hanging.Fail("", {Fault::Kind::kHang}, 1'000'000);
  ends(hanging, "/api/v1/nodes");
  ApiServer pouring;
  pouring.Fail("/api/v1/nodes", {Fault::Kind::kEndless, 0, "", std::string(5000, ' ')}, 1'000'000);
  ends(pouring, "/api/v1/nodes");
}

TEST(LiveCluster, DoesNotStartWithAKubeconfigThatIsNoneAndSaysWhere) {
  RunningService service({}, false);
  service.Write("kubeconfig", "current-context: gone\n");
  service.arguments.insert(service.arguments.end(), {"--kubeconfig", service.path("kubeconfig")});
  fakes::Program program(service.arguments);
  EXPECT_EQ(program.Wait(20s), 2);
  EXPECT_NE(program.Line("there is no context \"gone\" (there are: none)"), "");
}

}  // namespace
}  // namespace ballast::service_test
