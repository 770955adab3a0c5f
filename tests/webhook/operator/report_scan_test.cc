// The scan for reports against a fake API server: what is written, what goes again, and how much of
// it there is at most.
#include "webhook/operator/report_scan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/fakes/api_server.h"
#include "webhook/operator/report.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using fakes::kApplications;
using fakes::ResourceKey;
using nlohmann::json;

const ResourceKey kReports{"/apis/openreports.io/v1alpha1", "reports"};
constexpr int64_t kStart = 1'795'255'200;  // 2026-11-21T10:00:00Z

// Executors of at most 16g, which an exception of the namespace `lifted` lifts.
const char* const kPolicyText =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec:\n  limits: {executor: {heap: {max: 16g}}}\n  rules: {executor-shape: Enforce}\n"
    "  exceptions: {namespaceSelector: {}, rules: [executor-shape], maxDuration: 8760h}\n"
    "---\napiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
    "metadata: {name: quarter-end, namespace: lifted}\n"
    "spec: {rules: [executor-shape], reason: the quarter, until: \"2027-01-01T00:00:00Z\"}\n";

json Application(const std::string& space, const std::string& name, const std::string& heap) {
  return {{"metadata",
           {{"name", name},
            {"namespace", space},
            {"uid", "uid-" + name},
            {"creationTimestamp", "2026-10-01T10:00:00Z"}}},
          {"spec",
           {{"type", "Scala"},
            {"sparkVersion", "3.5.6"},
            {"driver", {{"cores", 1}, {"memory", "2g"}}},
            {"executor", {{"cores", 2}, {"memory", heap}, {"instances", 4}}}}}};
}

class Scans : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.store().Know(kApplications);
    server_.store().Know(kReports);
    auto read = ReadPolicyFile(kPolicyText, "policy.yaml");
    auto& file = std::get<PolicyFile>(read);
    snapshot_.policies = policy::PolicySet(std::move(file.policies), std::move(file.exceptions));
    snapshot_.cluster.known = true;
    policy::NodeClass nodes;
    nodes.allocatable.cpu = policy::Cores(16);
    nodes.allocatable.memory = policy::Gibibytes(64);
    nodes.count = nodes.ready = 100;
    snapshot_.cluster.classes = {nodes};
  }

  void Put(const std::string& space, const std::string& name, const std::string& heap) {
    server_.store().Put(kApplications, {space, name}, Application(space, name, heap));
  }
  std::optional<json> Report(const std::string& space, const std::string& name) {
    return server_.store().Get(kReports, {space, ReportName("uid-" + name)});
  }
  // Steps of a second each, through one whole scan; the interval passes before it.
  void Scan(ReportScan& scan) {
    seconds_ += 600;
    for (int i = 0; i < 200; ++i, ++seconds_) Step(scan);
  }
  std::optional<k8s::ApiError> Step(ReportScan& scan) {
    return scan.Step(snapshot_, {seconds_ * 1000, (kStart + seconds_) * 1'000'000}, {});
  }
  static ReportOptions Options() {
    ReportOptions options;
    options.interval_seconds = 300;
    return options;
  }
  std::unique_ptr<k8s::ApiClient> Client() {
    k8s::ApiConfig config;
    config.origin = "the test";
    config.server = server_.url();
    config.authority.text = server_.authority().certificate_pem;
    return std::make_unique<k8s::ApiClient>(config);
  }

  ApiServer server_;
  Snapshot snapshot_;
  int64_t seconds_ = 0;
  std::unique_ptr<k8s::ApiClient> client_ = Client();
};

TEST_F(Scans, OneReportForWhatPolicyHasSomethingToSayOf) {
  Put("jobs", "well", "8g");
  Put("jobs", "large", "30g");
  Put("lifted", "quarter", "30g");
  json unreadable = Application("jobs", "odd", "8g");
  unreadable["spec"]["executor"]["instances"] = "many";
  server_.store().Put(kApplications, {"jobs", "odd"}, unreadable);
  ReportScan scan(Options(), *client_);
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 3U);
  EXPECT_FALSE(Report("jobs", "well"));

  const json large = Report("jobs", "large").value();
  EXPECT_EQ(large["source"], "ballast");
  EXPECT_EQ(large["scope"]["name"], "large");
  EXPECT_EQ(large["metadata"]["ownerReferences"][0]["uid"], "uid-large");
  EXPECT_EQ(large["metadata"]["ownerReferences"][0]["apiVersion"], "sparkoperator.k8s.io/v1beta2");
  EXPECT_EQ(large["summary"]["fail"], 1);
  EXPECT_EQ(large["results"][0]["result"], "fail");
  EXPECT_EQ(large["results"][0]["rule"], "executor-shape");
  EXPECT_EQ(large["results"][0]["policy"], "org");
  EXPECT_EQ(large["results"][0]["properties"]["action"], "Rewrite");

  const json quarter = Report("lifted", "quarter").value();
  EXPECT_EQ(quarter["summary"]["skip"], 1);
  EXPECT_EQ(quarter["summary"]["fail"], 0);
  const json& skipped = quarter["results"].back();
  EXPECT_EQ(skipped["result"], "skip");
  EXPECT_EQ(skipped["rule"], "executor-shape");
  EXPECT_EQ(skipped["properties"]["exception"], "quarter-end");
  EXPECT_EQ(skipped["properties"]["action"], "Rewrite");

  EXPECT_EQ(Report("jobs", "odd").value()["results"][0]["result"], "error");
  EXPECT_EQ(scan.counts(), (ReportCounts{3, 0, 3, 0}));
}

TEST_F(Scans, TheSameAgainIsNotWrittenAgain) {
  Put("jobs", "large", "30g");
  ReportScan scan(Options(), *client_);
  Scan(scan);
  const json first = Report("jobs", "large").value();
  Scan(scan);
  EXPECT_EQ(Report("jobs", "large").value(), first);
  // Nor by the next leader, which remembers nothing.
  ReportScan other(Options(), *client_);
  Scan(other);
  EXPECT_EQ(Report("jobs", "large").value(), first);
  EXPECT_EQ(server_.Count("POST "), 1);
  EXPECT_EQ(server_.Count("PATCH "), 0);
  Put("jobs", "large", "40g");
  Scan(other);
  EXPECT_EQ(server_.Count("PATCH "), 1);
  EXPECT_NE(Report("jobs", "large").value()["results"], first["results"]);
}

TEST_F(Scans, AReportGoesWhenItNoLongerApplies) {
  Put("jobs", "large", "30g");
  Put("jobs", "gone", "30g");
  json ended = Application("jobs", "ended", "30g");
  ended["status"]["applicationState"]["state"] = "RUNNING";
  server_.store().Put(kApplications, {"jobs", "ended"}, ended);
  ReportScan scan(Options(), *client_);
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 3U);
  Put("jobs", "large", "8g");
  server_.store().Remove(kApplications, {"jobs", "gone"});
  // Made more than 30 days ago: it is told for as long as it runs.
  ended["status"]["applicationState"]["state"] = "COMPLETED";
  server_.store().Put(kApplications, {"jobs", "ended"}, ended);
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 0U);
  EXPECT_EQ(scan.counts().kept, 0);
}

TEST_F(Scans, NoMoreThanTheCap) {
  for (int i = 0; i < 9; ++i) Put("jobs", "large-" + std::to_string(i), "30g");
  ReportOptions options = Options();
  options.most = 4;
  options.page_limit = 2;
  ReportScan scan(options, *client_);
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 4U);
  EXPECT_EQ(scan.counts(), (ReportCounts{4, 5, 4, 0}));
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 4U);
  EXPECT_EQ(scan.counts().written, 4U);
  // Many that were left behind, as by another version with a higher cap.
  for (int i = 0; i < 30; ++i) {
    const std::string name = "ballast-old-" + std::to_string(i);
    server_.store().Put(kReports, {"jobs", name},
                        {{"metadata", {{"name", name}, {"namespace", "jobs"}}}});
  }
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 4U);
}

TEST_F(Scans, AFewWritesAStepAndAPageAStep) {
  for (int i = 0; i < 20; ++i) Put("jobs", "large-" + std::to_string(10 + i), "30g");
  ReportOptions options = Options();
  options.page_limit = 10;
  options.writes_per_step = 3;
  ReportScan scan(options, *client_);
  Step(scan);  // the reports
  Step(scan);  // the first page of applications
  EXPECT_EQ(server_.Count("GET "), 2);
  for (int steps = 1; steps <= 3; ++steps) {
    Step(scan);
    EXPECT_EQ(server_.Count("POST "), 3 * steps);
    EXPECT_EQ(server_.Count("GET "), 2);  // the next page waits
  }
}

TEST_F(Scans, WithoutReportsInTheClusterItAsksOnceAnInterval) {
  ApiServer bare;
  bare.store().Know(kApplications);
  k8s::ApiConfig config;
  config.origin = "the test";
  config.server = bare.url();
  config.authority.text = bare.authority().certificate_pem;
  k8s::ApiClient client(config);
  ReportScan scan(Options(), client);
  for (int i = 0; i < 299; ++i, ++seconds_) EXPECT_FALSE(Step(scan));
  EXPECT_TRUE(scan.absent());
  EXPECT_EQ(bare.Count("GET "), 1);
  seconds_ += 2;
  Step(scan);
  EXPECT_EQ(bare.Count("GET "), 2);
}

TEST_F(Scans, ByHalfAViewNothingIsJudged) {
  Put("jobs", "large", "30g");
  ReportScan scan(Options(), *client_);
  snapshot_.cluster.known = false;
  Scan(scan);
  snapshot_.cluster.known = true;
  snapshot_.stale_since = 1;
  Scan(scan);
  EXPECT_EQ(server_.Count("GET "), 0);
  snapshot_.stale_since = 0;
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 1U);
}

TEST_F(Scans, AScanThatFailsTakesNoReportAway) {
  Put("jobs", "large", "30g");
  ReportScan scan(Options(), *client_);
  Scan(scan);
  server_.Fail("GET /apis/sparkoperator", {Fault::Kind::kStatus, 500}, 1000);
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 1U);
  EXPECT_GE(scan.counts().failed, 1U);
  server_.Heal();
  Put("jobs", "large", "8g");
  Scan(scan);
  EXPECT_EQ(server_.store().Count(kReports), 0U);
}

Fault Expired(const std::string& next) {
  json status = {{"kind", "Status"}, {"reason", "Expired"}, {"code", 410}};
  if (!next.empty()) status["metadata"]["continue"] = next;
  const std::string body = status.dump();
  return {
      Fault::Kind::kBytes, 0, "",
      "HTTP/1.1 410 Gone\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

TEST_F(Scans, ATokenThatRanOutIsReplacedByTheOneThatIsOffered) {
  for (const char* name : {"a", "b", "c", "d"}) Put("jobs", name, "30g");
  ReportOptions options = Options();
  options.page_limit = 1;
  ReportScan scan(options, *client_);
  // The second page has the same beginning in both lists.
  const std::string second = server_.store().List(kApplications, "", "", 1).next;
  server_.Fail("sparkapplications?continue=", Expired(second));
  Scan(scan);
  EXPECT_EQ(server_.Count("GET /apis/sparkoperator.k8s.io/v1beta2/sparkapplications"), 5);
  EXPECT_EQ(scan.counts(), (ReportCounts{4, 0, 4, 0}));
  EXPECT_EQ(server_.store().Count(kReports), 4U);
}

TEST_F(Scans, AListThatRanOutBeginsAnewOnce) {
  for (const char* name : {"a", "b"}) Put("jobs", name, "30g");
  ReportOptions options = Options();
  options.page_limit = 1;
  ReportScan scan(options, *client_);
  server_.Fail("sparkapplications?continue=", Expired(""));
  Scan(scan);
  EXPECT_EQ(scan.counts(), (ReportCounts{2, 0, 2, 0}));
  server_.Fail("sparkapplications?continue=", Expired(""), 2);
  int errors = 0;
  seconds_ += 600;
  for (int i = 0; i < 20; ++i, ++seconds_) errors += Step(scan) ? 1 : 0;
  EXPECT_EQ(errors, 1);
  EXPECT_EQ(server_.store().Count(kReports), 2U);
}

// A namespace that is being taken away refuses new objects.
TEST_F(Scans, WhatIsRefusedStandsInNoOthersWay) {
  Put("ending", "a", "30g");
  Put("jobs", "b", "30g");
  server_.Fail("POST /apis/openreports.io/v1alpha1/namespaces/ending",
               {Fault::Kind::kStatus, 403, "Forbidden"}, 1000);
  ReportScan scan(Options(), *client_);
  Scan(scan);
  EXPECT_TRUE(Report("jobs", "b"));
  EXPECT_EQ(scan.counts(), (ReportCounts{2, 0, 1, 1}));
}

}  // namespace
}  // namespace ballast::webhook
