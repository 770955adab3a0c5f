// What a replica follows of a cluster, against a fake API server: policies and exceptions come into
// force together, applications come into the book.
#include "webhook/operator/cluster_policies.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>

#include "tests/fakes/api_server.h"
#include "webhook/admission/application_book.h"

namespace ballast::webhook {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using fakes::kApplications;
using nlohmann::json;

bool Becomes(const std::function<bool()>& so) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!so()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

// A replica that never leads.
struct Replica {
  explicit Replica(const ApiServer& server, int log_fd = open("/dev/null", O_WRONLY | O_CLOEXEC))
      : log(log_fd, LogLevel::kWarn), policies(Options(server), snapshot, tally, metrics, log) {}

  static ClusterPoliciesOptions Options(const ApiServer& server) {
    ClusterPoliciesOptions options;
    options.api.origin = "the test";
    options.api.server = server.url();
    options.api.authority.text = server.authority().certificate_pem;
    return options;
  }

  FollowedGauges Gauges(std::string_view what) const {
    for (const FollowedGauges& gauges : policies.Gauges()) {
      if (gauges.what == what) return gauges;
    }
    return {};
  }
  bool Knows(const std::string& name) const {
    const auto found = snapshot.Current()->applications->FindFor(
        "jobs", {{"sparkoperator.k8s.io/app-name", name}});
    return found != nullptr;
  }

  Log log;
  LiveSnapshot snapshot{Snapshot{}};
  DecisionTally tally;
  Metrics metrics{"test"};
  ClusterPolicies policies;
};

json Policy(int generation) {
  return {{"metadata", {{"uid", "p"}, {"generation", generation}}},
          {"spec", {{"rules", {{"kryo-buffer", "Warn"}}}, {"priority", generation}}}};
}

json Exception(int generation) {
  return {{"metadata", {{"uid", "e"}, {"generation", generation}}},
          {"spec",
           {{"rules", {"executor-shape"}},
            {"reason", "number " + std::to_string(generation)},
            {"until", "2027-01-01T00:00:00Z"}}}};
}

// Each is told on a thread of its own, and both change what is judged by.
TEST(ClusterPolicies, WhatWasToldLastOfEitherIsInForce) {
  ApiServer server;
  Replica replica(server);
  EXPECT_FALSE(replica.policies.answered());
  replica.policies.Start();
  ASSERT_TRUE(Becomes([&] { return replica.policies.answered(); }));
  constexpr int kRounds = 50;
  for (int round = 1; round <= kRounds; ++round) {
    server.store().Put(fakes::kPolicies, {"", "org"}, Policy(round));
    server.store().Put(fakes::kExceptions, {"jobs", "late"}, Exception(round));
    ASSERT_TRUE(Becomes([&] {
      const auto now = replica.snapshot.Current();
      const auto& policies = now->policies.policies();
      const auto& exceptions = now->policies.exceptions();
      return policies.size() == 1 && policies[0].priority == round && exceptions.size() == 1 &&
             exceptions[0].reason == "number " + std::to_string(round);
    })) << round;
  }
  EXPECT_EQ(replica.policies.Stored().size(), 2U);
  EXPECT_TRUE(replica.Gauges("policies").age_seconds.has_value());
}

TEST(ApplicationWatch, IsAnsweredOnceEveryVersionIs) {
  ApiServer server;
  server.store().Know(kApplications);
  server.store().Put(kApplications, {"jobs", "daily"}, {{"spec", json::object()}});
  server.Fail("/apis/spark.apache.org/v1/", {Fault::Kind::kStatus, 500}, 2);
  Replica replica(server);
  replica.policies.Start();
  ASSERT_TRUE(Becomes([&] { return replica.Knows("daily"); }));
  ASSERT_TRUE(Becomes([&] { return replica.policies.applications_answered(); }));
  EXPECT_GE(replica.Gauges("applications").failures, 1U);
  server.store().Remove(kApplications, {"jobs", "daily"});
  EXPECT_TRUE(Becomes([&] { return !replica.Knows("daily"); }));
}

TEST(ApplicationWatch, TellsOnceThatItLeavesSomeOut) {
  ApiServer server;
  server.store().Know(kApplications);
  json labels = json::object();
  for (int i = 0; i < 1000; ++i) labels["label-" + std::to_string(i)] = "";
  for (const char* name : {"a", "b"}) {
    server.store().Put(kApplications, {"jobs", name}, {{"metadata", {{"labels", labels}}}});
  }
  const std::string path = testing::TempDir() + "cluster_policies_test.log";
  {
    Replica replica(server, open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    replica.policies.Start();
    EXPECT_TRUE(Becomes([&] { return replica.policies.applications_answered(); }));
    EXPECT_EQ(replica.Gauges("applications").left_out, 2U);
    EXPECT_FALSE(replica.Knows("a"));
  }
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  const std::string lines = text.str();
  const size_t first = lines.find("are too large to be known");
  EXPECT_NE(first, std::string::npos) << lines;
  EXPECT_NE(lines.find("\"application\":\"jobs/a\""), std::string::npos) << lines;
  EXPECT_EQ(lines.find("are too large to be known", first + 1), std::string::npos) << lines;
}

}  // namespace
}  // namespace ballast::webhook
