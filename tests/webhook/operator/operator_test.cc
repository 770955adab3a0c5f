// Leaders against a fake API server, with a clock that the tests set.
#include "webhook/operator/operator.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "k8s/json_text.h"
#include "tests/fakes/api_server.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using fakes::kApplications;
using fakes::ResourceKey;
using nlohmann::json;

const ResourceKey kLeases{"/apis/coordination.k8s.io/v1", "leases"};
const ResourceKey kEvents{"/api/v1", "events"};
constexpr int64_t kStart = 1'795'255'200;  // 2026-11-21T10:00:00Z

const char* const kDecisionText =
    R"({"rules":"kryo-buffer","policy":"org@1","before":"b","after":"a"})";

json Application(const char* name) {
  return {{"metadata",
           {{"name", name},
            {"namespace", "jobs"},
            {"uid", std::string("uid-") + name},
            {"generation", 1},
            {"creationTimestamp", "2026-11-21T09:59:00Z"},
            {"annotations", {{"ballast.dev/decision", kDecisionText}}}}},
          {"spec", json::object()}};
}

struct Cluster {
  ApiServer server;
  std::atomic<int64_t> seconds{0};

  Cluster() {
    for (const ResourceKey& key : {kLeases, kEvents, kApplications, fakes::kPolicies}) {
      server.store().Know(key);
    }
  }
  k8s::ApiConfig Config() const {
    k8s::ApiConfig config;
    config.origin = "the test";
    config.server = server.url();
    config.authority.text = server.authority().certificate_pem;
    return config;
  }
  std::string Holder() {
    const auto lease = server.store().Get(kLeases, {"ballast", "ballast"});
    return lease ? lease->at("spec").value("holderIdentity", "") : "";
  }
};

k8s::ApiClientOptions Quick() {
  k8s::ApiClientOptions options;
  options.connect_timeout = std::chrono::milliseconds(2000);
  options.read_timeout = std::chrono::milliseconds(2000);
  return options;
}

struct Replica {
  Replica(Cluster& cluster, const std::string& name, Log* told = nullptr)
      : client(cluster.Config(), Quick()),
        leader({.lease = {.namespace_name = "ballast", .name = "ballast", .identity = name},
                .replica = name,
                .clock =
                    [&cluster] {
                      const int64_t now = cluster.seconds.load();
                      return k8s::Instant{now * 1000, (kStart + now) * 1'000'000};
                    }},
               {client, book, snapshot, tally, metrics, told == nullptr ? log : *told}) {}

  // A policy that the cluster holds, as the watch would tell it.
  void Put(Cluster& cluster, const char* spec) {
    const json stored = cluster.server.store().Put(
        fakes::kPolicies, {"", "org"},
        {{"metadata", {{"name", "org"}, {"uid", "u"}, {"generation", 1}}},
         {"spec", k8s::ParseJson(spec)}});
    book.Put(kPolicyKind, k8s::JsonView(stored));
  }

  k8s::ApiClient client;
  PolicyBook book{{}};
  LiveSnapshot snapshot{Snapshot{}};
  DecisionTally tally;
  Metrics metrics{"test"};
  Log log{open("/dev/null", O_WRONLY | O_CLOEXEC), LogLevel::kOff};
  Operator leader;
};

TEST(Operator, OneLeadsAndTheNextTakesOverWhenItLeaves) {
  Cluster cluster;
  Replica a(cluster, "a");
  Replica b(cluster, "b");
  a.leader.Round();
  b.leader.Round();
  EXPECT_TRUE(a.leader.leads());
  EXPECT_FALSE(b.leader.leads());
  EXPECT_EQ(cluster.Holder(), "a");
  a.leader.Stop();
  EXPECT_FALSE(a.leader.leads());
  EXPECT_EQ(cluster.Holder(), "");
  cluster.seconds = 2;
  b.leader.Round();
  EXPECT_TRUE(b.leader.leads());
  EXPECT_EQ(cluster.Holder(), "b");
}

TEST(Operator, StopsToLeadWhenTheServerIsAway) {
  Cluster cluster;
  Replica a(cluster, "a");
  a.leader.Round();
  cluster.server.Fail("/leases/ballast", {.kind = Fault::Kind::kStatus, .status = 503}, 100);
  cluster.seconds = 9;
  a.leader.Round();
  EXPECT_TRUE(a.leader.leads());
  cluster.seconds = 10;
  a.leader.Round();
  EXPECT_FALSE(a.leader.leads());
  cluster.server.Heal();
  cluster.seconds = 12;
  a.leader.Round();
  EXPECT_TRUE(a.leader.leads());
}

TEST(Operator, WritesStatusesAndNotTooOften) {
  Cluster cluster;
  Replica a(cluster, "a");
  a.Put(cluster, R"({"mode":"Enforced"})");
  a.leader.Round();
  const auto stored = cluster.server.store().Get(fakes::kPolicies, {"", "org"});
  ASSERT_TRUE(stored && stored->contains("status"));
  const json accepted = stored->at("status").at("conditions").at(0);
  EXPECT_EQ(accepted["status"], "False");
  EXPECT_EQ(accepted["message"],
            "spec.mode: 'Enforced' is not known here; write Enforce, Warn or Audit");
  EXPECT_EQ(accepted["lastTransitionTime"], "2026-11-21T10:00:00Z");
  // As it is stored now, nothing is left to say.
  a.book.Put(kPolicyKind, k8s::JsonView(*stored));
  const int patches = cluster.server.Count("PATCH ");
  for (int second = 1; second < 30; ++second) {
    cluster.seconds = second;
    a.leader.Round();
  }
  EXPECT_EQ(cluster.server.Count("PATCH "), patches);
  // Numbers wait for their minute.
  a.tally.Count("org", policy::VerdictKind::kRejected);
  cluster.seconds = 45;
  a.leader.Round();
  EXPECT_EQ(cluster.server.Count("PATCH "), patches);
  cluster.seconds = 60;
  a.leader.Round();
  EXPECT_EQ(cluster.server.Count("PATCH "), patches + 1);
}

TEST(Operator, AFollowerWritesNothing) {
  Cluster cluster;
  Replica a(cluster, "a");
  Replica b(cluster, "b");
  a.leader.Round();
  b.Put(cluster, "{}");
  b.leader.Round();
  EXPECT_EQ(cluster.server.Count("PATCH "), 0);
}

TEST(Operator, TellsOfStoredDecisionsOnceWhoeverLeads) {
  Cluster cluster;
  cluster.server.store().Put(kApplications, {"jobs", "daily"}, Application("daily"));
  Replica a(cluster, "a");
  Replica b(cluster, "b");
  a.leader.Round();
  // The watch tells on a thread of its own.
  for (int i = 0; i < 500 && cluster.server.store().Count(kEvents) == 0; ++i) {
    cluster.server.WaitFor("GET /apis/sparkoperator.k8s.io", i, std::chrono::milliseconds(20));
    a.leader.Round();
  }
  ASSERT_EQ(cluster.server.store().Count(kEvents), 1U);
  a.leader.Stop();
  cluster.seconds = 2;
  for (int i = 0; i < 500 && cluster.server.Count("POST /api/v1/namespaces/jobs/events") < 2; ++i) {
    cluster.server.WaitFor("GET /apis/sparkoperator.k8s.io", i, std::chrono::milliseconds(20));
    b.leader.Round();
  }
  EXPECT_EQ(cluster.server.Count("POST /api/v1/namespaces/jobs/events"), 2);
  EXPECT_EQ(cluster.server.store().Count(kEvents), 1U);
}

TEST(Operator, WithoutARightOnPodsItSaysSoOnce) {
  Cluster cluster;
  cluster.server.store().Put(
      kLeases, {"ballast", "ballast"},
      {{"spec", {{"renewTime", "2026-11-21T09:00:00.000000Z"}, {"leaseDurationSeconds", 1}}}});
  cluster.server.Fail("/api/v1/pods", {Fault::Kind::kStatus, 403, "Forbidden"}, 1'000'000);
  const std::string path = testing::TempDir() + "operator_test.log";
  {
    Log log{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), LogLevel::kInfo};
    Replica a(cluster, "a", &log);
    a.leader.Round();
    // One counts drivers, one follows executors.
    EXPECT_TRUE(cluster.server.WaitFor("/api/v1/pods", 2));
    a.leader.Stop();
  }
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  const std::string lines = text.str();
  const size_t first = lines.find("pods may not be listed");
  EXPECT_NE(first, std::string::npos) << lines;
  EXPECT_EQ(lines.find("pods may not be listed", first + 1), std::string::npos) << lines;
  EXPECT_EQ(lines.find("\"warn\""), std::string::npos) << lines;
}

TEST(Operator, TriesAgainWhatTheServerRefusedForNow) {
  Cluster cluster;
  cluster.server.store().Put(kApplications, {"jobs", "daily"}, Application("daily"));
  cluster.server.Fail("POST /api/v1/namespaces/jobs/events",
                      {.kind = Fault::Kind::kStatus, .status = 500}, 2);
  Replica a(cluster, "a");
  for (int i = 0; i < 500 && cluster.server.store().Count(kEvents) == 0; ++i) {
    a.leader.Round();
    cluster.server.WaitFor("GET /apis/sparkoperator.k8s.io", i, std::chrono::milliseconds(20));
  }
  EXPECT_EQ(cluster.server.store().Count(kEvents), 1U);
  EXPECT_EQ(cluster.server.Count("POST /api/v1/namespaces/jobs/events"), 3);
}

}  // namespace
}  // namespace ballast::webhook
