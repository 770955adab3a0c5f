// Who leads, over moments that are given.
#include "k8s/api/lease.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "k8s/json_text.h"
#include "tests/fakes/api_server.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

// 2026-11-21T10:00:00Z plus this many seconds.
Instant At(double seconds) {
  constexpr int64_t kStart = 1'795'255'200'000'000;
  return {static_cast<int64_t>(seconds * 1000) + 77, kStart + static_cast<int64_t>(seconds * 1e6)};
}

LeaseOptions Options(std::string identity) {
  LeaseOptions options;
  options.namespace_name = "ballast";
  options.name = "ballast";
  options.identity = std::move(identity);
  return options;
}

// One round of a candidate with a Lease that only these candidates write.
bool Round(Candidate& candidate, json& lease, Instant now) {
  if (const auto wanted = candidate.Wanted(ReadLease(lease), now)) {
    lease = WriteLease(std::move(lease), *wanted);
    candidate.Wrote(*wanted, now);
  }
  return candidate.Leads(now);
}

TEST(Lease, IsTakenAndRenewed) {
  Candidate a(Options("a"));
  json lease = {{"metadata", {{"name", "ballast"}, {"resourceVersion", "7"}}}};
  EXPECT_FALSE(a.Leads(At(0)));
  EXPECT_TRUE(Round(a, lease, At(0)));
  EXPECT_EQ(lease, json({{"metadata", {{"name", "ballast"}, {"resourceVersion", "7"}}},
                         {"spec",
                          {{"holderIdentity", "a"},
                           {"leaseDurationSeconds", 15},
                           {"leaseTransitions", 1},
                           {"acquireTime", "2026-11-21T10:00:00.000000Z"},
                           {"renewTime", "2026-11-21T10:00:00.000000Z"}}}}));
  EXPECT_TRUE(Round(a, lease, At(2.5)));
  EXPECT_EQ(lease["spec"]["acquireTime"], "2026-11-21T10:00:00.000000Z");
  EXPECT_EQ(lease["spec"]["renewTime"], "2026-11-21T10:00:02.500000Z");
  EXPECT_EQ(lease["spec"]["leaseTransitions"], 1);
}

TEST(Lease, WithoutRenewalNobodyBelievesToLead) {
  Candidate a(Options("a"));
  json lease = json::object();
  Round(a, lease, At(0));
  EXPECT_TRUE(a.Leads(At(9.999)));
  EXPECT_FALSE(a.Leads(At(10)));
}

TEST(Lease, AnotherWaitsUntilItHasStoodUnchanged) {
  Candidate a(Options("a"));
  Candidate b(Options("b"));
  json lease = json::object();
  Round(a, lease, At(0));
  EXPECT_FALSE(Round(b, lease, At(1)));
  Round(a, lease, At(2));  // the last time that a is heard of
  EXPECT_FALSE(Round(b, lease, At(3)));
  EXPECT_FALSE(Round(b, lease, At(17.999)));
  EXPECT_TRUE(Round(b, lease, At(18)));
  EXPECT_EQ(lease["spec"]["leaseTransitions"], 2);
  EXPECT_EQ(lease["spec"]["acquireTime"], "2026-11-21T10:00:18.000000Z");
  // And a, when it comes back, sees that it is over.
  EXPECT_FALSE(Round(a, lease, At(18.5)));
}

TEST(Lease, TwoNeverLeadAtOnce) {
  Candidate a(Options("a"));
  Candidate b(Options("b"));
  json lease = json::object();
  for (int step = 0; step < 400; ++step) {
    const Instant now = At(step * 0.5);
    // a is away from 50 s to 90 s.
    if (step < 100 || step >= 180) Round(a, lease, now);
    Round(b, lease, now);
    EXPECT_FALSE(a.Leads(now) && b.Leads(now)) << step;
  }
  EXPECT_TRUE(b.Leads(At(199.5)));
}

TEST(Lease, GivenBackItIsTakenAtOnce) {
  Candidate a(Options("a"));
  Candidate b(Options("b"));
  json lease = json::object();
  Round(a, lease, At(0));
  EXPECT_EQ(b.Released(ReadLease(lease), At(1)), std::nullopt);
  const auto free = a.Released(ReadLease(lease), At(1));
  ASSERT_TRUE(free);
  a.GaveBack();
  lease = WriteLease(std::move(lease), *free);
  EXPECT_FALSE(lease["spec"].contains("holderIdentity"));
  EXPECT_EQ(lease["spec"]["leaseDurationSeconds"], 1);
  EXPECT_FALSE(a.Leads(At(1)));
  EXPECT_TRUE(Round(b, lease, At(1)));
}

// ---- With an API server that takes its time ----------------------------------------------------

const fakes::ResourceKey kLeases{"/apis/coordination.k8s.io/v1", "leases"};

ApiConfig ConfigOf(const fakes::ApiServer& server) {
  ApiConfig config;
  config.origin = "the test";
  config.server = server.url();
  config.authority.text = server.authority().certificate_pem;
  return config;
}

TEST(Lease, WhoWaitsCountsFromTheAnswer) {
  fakes::ApiServer server;
  server.store().Know(kLeases);
  ApiClient client(ConfigOf(server));
  Candidate a(Options("a"));
  Candidate b(Options("b"));
  TryToLead(client, a, [] { return At(5); });
  EXPECT_TRUE(a.Leads(At(14.9)));
  // b asked before, and was answered when 13 seconds had gone.
  const int asked = server.Count("GET ");
  TryToLead(client, b, [&] { return server.Count("GET ") == asked ? At(0) : At(13); });
  TryToLead(client, b, [] { return At(27.9); });
  EXPECT_FALSE(b.Leads(At(27.9)));
  TryToLead(client, b, [] { return At(28); });
  EXPECT_TRUE(b.Leads(At(28)));
}

TEST(Lease, WhoHoldsItCountsFromBeforeItWrote) {
  fakes::ApiServer server;
  server.store().Know(kLeases);
  ApiClient client(ConfigOf(server));
  Candidate a(Options("a"));
  TryToLead(client, a, [&] { return server.Count("POST ") == 0 ? At(0) : At(9); });
  EXPECT_TRUE(a.Leads(At(9.9)));
  EXPECT_FALSE(a.Leads(At(10)));
  TryToLead(client, a, [&] { return server.Count("PUT ") == 0 ? At(12) : At(21); });
  EXPECT_TRUE(a.Leads(At(21.9)));
  EXPECT_FALSE(a.Leads(At(22)));
}

struct OddCase {
  const char* name;
  const char* lease;
};
void PrintTo(const OddCase& one, std::ostream* out) { *out << one.name; }
constexpr OddCase kOdd[] = {
    {"NoSpec", "{}"},
    {"SpecIsNull", R"({"spec":null})"},
    {"SpecIsAList", R"({"spec":[]})"},
    {"HolderIsANumber", R"({"spec":{"holderIdentity":3}})"},
};
class OddLease : public testing::TestWithParam<OddCase> {};
INSTANTIATE_TEST_SUITE_P(Cases, OddLease, testing::ValuesIn(kOdd),
                         [](const auto& row) { return row.param.name; });
TEST_P(OddLease, IsNobodys) {
  Candidate a(Options("a"));
  json lease = ParseJson(GetParam().lease);
  EXPECT_TRUE(Round(a, lease, At(0)));
  EXPECT_EQ(lease["spec"]["holderIdentity"], "a");
}

}  // namespace
}  // namespace ballast::k8s
