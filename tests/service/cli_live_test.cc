// Commands that ask a live cluster: the real program, a kubeconfig, an API server that behaves.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "k8s/json_text.h"
#include "tests/fakes/api_server.h"
#include "tests/service/cli_fixture.h"
#include "tests/service/run_program.h"

namespace ballast::tests {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using nlohmann::json;

std::string Data(const std::string& name) { return TestData("cli/" + name); }

// Of this process alone, since several may run these tests at once.
std::string Temporary(const std::string& name) {
  return testing::TempDir() + "cli-live-" + std::to_string(getpid()) + "-" + name;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json Application(const std::string& space, const std::string& name, const std::string& heap) {
  return {{"metadata", {{"name", name}, {"namespace", space}}},
          {"spec",
           {{"type", "Scala"},
            {"sparkVersion", "3.5.6"},
            {"sparkConf", {{"spark.hadoop.fs.s3a.secret.key", "hush"}}},
            {"driver", {{"cores", 1}, {"memory", "2g"}}},
            {"executor", {{"cores", 4}, {"memory", heap}, {"instances", 4}}}}}};
}

// Ten nodes of 10 cores and 39Gi; team-a may use 100Gi; one policy that enforces quotas for it.
class CliLive : public ::testing::Test {
 protected:
  ApiServer server_;
  std::string kubeconfig_ = Temporary("kubeconfig");

  void SetUp() override {
    StockTenNodes(server_);
    auto& store = server_.store();
    store.Put(fakes::kNamespaces, {"", "team-a"},
              {{"metadata", {{"name", "team-a"}, {"labels", {{"team", "a"}}}}}});
    store.Put(fakes::kNamespaces, {"", "team-b"}, {{"metadata", {{"name", "team-b"}}}});
    store.Put(fakes::kResourceQuotas, {"team-a", "compute"},
              {{"metadata", {{"name", "compute"}, {"namespace", "team-a"}}},
               {"status",
                {{"hard", {{"requests.memory", "100Gi"}}}, {"used", {{"requests.memory", "0"}}}}}});
    store.Put(fakes::kPolicies, {"", "quotas-bind"},
              {{"metadata", {{"name", "quotas-bind"}, {"generation", 3}}},
               {"spec",
                {{"namespaceSelector", {{"matchLabels", {{"team", "a"}}}}},
                 {"rules", {{"namespace-quota", "Enforce"}}}}}});
    store.Put(kApplications, {"team-a", "sessions"}, Application("team-a", "sessions", "28g"));
    store.Put(kApplications, {"team-b", "small"}, Application("team-b", "small", "4g"));

    std::ofstream(Temporary("ca.pem")) << server_.authority().certificate_pem;
    std::ofstream(kubeconfig_) << "{apiVersion: v1, kind: Config, current-context: here,\n"
                                  " clusters: [{name: c, cluster: {server: \""
                               << server_.url()
                               << "\", certificate-authority: " << Temporary("ca.pem") << "}}],\n"
                               << " users: [{name: u, user: {token: t}}],\n"
                               << " contexts: [{name: here, context: {cluster: c, user: u,\n"
                               << "   namespace: team-a}}, {name: there, context: {cluster: c,\n"
                               << "   user: u}}]}\n";
  }

  void TearDown() override {
    for (const char* name : {"kubeconfig", "ca.pem", "job.json", "snapshot.json"}) {
      std::filesystem::remove(Temporary(name));
    }
  }

  ProgramResult Ballast(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), BallastBinary());
    return RunProgram(arguments, "", {"KUBECONFIG=" + kubeconfig_});
  }

  // A job of 28g executors that names no namespace.
  static std::string Job() {
    json job = Application("", "sessions", "28g");
    job["apiVersion"] = "sparkoperator.k8s.io/v1beta2";
    job["kind"] = "SparkApplication";
    job["metadata"].erase("namespace");
    std::string file = Temporary("job.json");
    std::ofstream(file) << k8s::PrintJson(job);
    return file;
  }
};

const char kSum[] =
    "requests.memory 2432Mi + 4 x 31539Mi = 128588Mi of 100Gi; at most 3 executors fit";

TEST_F(CliLive, CheckAsksNodesPoliciesAndQuota) {
  const ProgramResult got = Ballast({"check", "-f", Job(), "-o", "json"});
  EXPECT_EQ(got.status, 1) << got.err;
  const json decision = k8s::ParseJson(got.out);
  EXPECT_EQ(decision["verdict"], "Rejected");
  EXPECT_EQ(decision["resource"]["namespace"], "team-a");  // the context's
  EXPECT_TRUE(Has(k8s::PrintJson(decision["findings"]), kSum))
      << k8s::PrintJson(decision["findings"], 1);
  EXPECT_EQ(decision["before"]["placement"]["eligibleNodes"], 10);

  // Neither quota nor policy are for another namespace, or for another context's.
  EXPECT_EQ(Ballast({"check", "-f", Job(), "-n", "team-b"}).status, 0);
  EXPECT_EQ(Ballast({"check", "-f", Job(), "--context", "there"}).status, 0);
}

TEST_F(CliLive, NoClusterIsAskedWhereFilesAreGiven) {
  const std::string nodes = std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/cluster.yaml";
  EXPECT_EQ(Ballast({"check", "-f", Job(), "--cluster", nodes}).status, 0);
  EXPECT_EQ(Ballast({"policy", "show", "--policy", Data("policy.yaml")}).status, 0);
  EXPECT_EQ(Ballast({"explain", "-f", Job()}).status, 0);
  EXPECT_EQ(server_.Count("GET"), 0);
}

TEST_F(CliLive, ASnapshotGivesTheSameDecisionWithoutTheCluster) {
  const std::string file = Temporary("snapshot.json");
  const ProgramResult taken = Ballast({"snapshot", "-o", file});
  EXPECT_EQ(taken.status, 0) << taken.err;
  EXPECT_EQ(taken.out, file +
                           ": policies 1, exceptions 0, classes of nodes 1, namespaces 2, "
                           "applications 2\n");
  const ProgramResult live = Ballast({"check", "-f", Job(), "-n", "team-a", "-o", "json"});
  server_.GoAway();
  const ProgramResult later =
      Ballast({"check", "-f", Job(), "-n", "team-a", "-o", "json", "--snapshot", file});
  EXPECT_EQ(later.status, 1) << later.err;
  EXPECT_EQ(later.out, live.out);

  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_FALSE(Has(text.str(), "hush"));
}

TEST_F(CliLive, DiffJudgesTheStoredApplications) {
  const ProgramResult all =
      Ballast({"policy", "diff", Data("policy-quota.yaml"), Data("policy-strict.yaml"), "-A"});
  EXPECT_EQ(all.status, 1) << all.err;
  EXPECT_TRUE(Has(all.out, "SparkApplication team-b/small: Admitted -> Rewritten")) << all.out;
  EXPECT_TRUE(Has(all.out, " of 2 applications would be judged otherwise")) << all.out;
  const ProgramResult one = Ballast(
      {"policy", "diff", Data("policy-quota.yaml"), Data("policy-strict.yaml"), "-n", "team-b"});
  EXPECT_TRUE(Has(one.out, "1 of 1 applications would be judged otherwise")) << one.out;
}

TEST_F(CliLive, AuditTellsWhatRunsAgainstPolicy) {
  const ProgramResult one = Ballast({"audit", "-o", "json"});
  EXPECT_EQ(one.status, 1) << one.err;
  const json audit = k8s::ParseJson(one.out);
  ASSERT_EQ(audit["applications"].size(), 1U) << one.out;
  EXPECT_EQ(audit["applications"][0]["verdict"], "Rejected");
  EXPECT_TRUE(Has(audit["applications"][0]["worst"].get<std::string>(), kSum)) << one.out;
  EXPECT_FALSE(Has(one.out, "hush"));

  const ProgramResult all = Ballast({"audit", "-A"});
  EXPECT_EQ(all.status, 1) << all.err;
  EXPECT_TRUE(Has(all.out, "team-a     SparkApplication  sessions  Rejected  namespace-quota: "))
      << all.out;
  EXPECT_TRUE(Has(all.out, "2 applications: 1 rejected, 1 admitted")) << all.out;
  EXPECT_EQ(Ballast({"audit", "-n", "team-b"}).status, 0);
  // What has ended runs no more.
  json ended = Application("team-a", "sessions", "28g");
  ended["status"]["applicationState"]["state"] = "COMPLETED";
  server_.store().Put(kApplications, {"team-a", "sessions"}, ended);
  const ProgramResult without = Ballast({"audit", "-A"});
  EXPECT_EQ(without.status, 0) << without.err;
  EXPECT_TRUE(Has(without.out, "1 application: 1 admitted")) << without.out;
  EXPECT_TRUE(Has(without.out, "1 that has ended left out (--ended)")) << without.out;
  EXPECT_EQ(Ballast({"audit", "-A", "--ended"}).status, 1);
}

// The verdict is the one that `check` gives to the stored object, and a rewrite that is still to be
// made is what --fail-on=rewrite is about.
TEST_F(CliLive, AuditJudgesAsCheckDoes) {
  const std::string strict = Data("policy-strict.yaml");
  const auto audit = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"audit", "-n", "team-b", "--policy", strict};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Ballast(arguments);
  };
  const auto first = [](const ProgramResult& got) {
    return k8s::ParseJson(got.out)["applications"][0];
  };
  EXPECT_EQ(audit({}).status, 0);
  EXPECT_EQ(audit({"--fail-on=rewrite"}).status, 3);
  EXPECT_EQ(first(audit({"-o", "json"}))["verdict"], "Rewritten");
  EXPECT_EQ(first(audit({"-o", "json"}))["outstanding"], true);

  json object = Application("team-b", "small", "4g");
  object["apiVersion"] = "sparkoperator.k8s.io/v1beta2";
  object["kind"] = "SparkApplication";
  std::ofstream(Temporary("job.json")) << k8s::PrintJson(object);
  const ProgramResult rewritten =
      Ballast({"check", "-f", Temporary("job.json"), "--policy", strict, "-o", "manifest"});
  std::ofstream(Temporary("job.json")) << rewritten.out;
  const ProgramResult checked =
      Ballast({"check", "-f", Temporary("job.json"), "--policy", strict, "-o", "json"});
  const ProgramResult audited =
      Ballast({"audit", "-f", Temporary("job.json"), "--policy", strict, "-o", "json"});
  EXPECT_EQ(first(audited)["verdict"], k8s::ParseJson(checked.out)["verdict"]) << audited.err;
  EXPECT_EQ(first(audited)["before"], k8s::ParseJson(checked.out)["before"]);
  EXPECT_EQ(first(audited)["after"], k8s::ParseJson(checked.out)["after"]);
  EXPECT_EQ(first(audited)["outstanding"], false);
  EXPECT_EQ(Ballast({"audit", "-f", Temporary("job.json"), "--policy", strict, "--fail-on=rewrite"})
                .status,
            0);
}

TEST_F(CliLive, CapacityAndPolicyShow) {
  const ProgramResult capacity = Ballast({"capacity"});
  EXPECT_EQ(capacity.status, 0) << capacity.err;
  EXPECT_TRUE(Has(capacity.out, "10")) << capacity.out;
  const ProgramResult show = Ballast({"policy", "show"});
  EXPECT_TRUE(Has(show.out, "quotas-bind")) << show.out << show.err;
  EXPECT_FALSE(Has(Ballast({"policy", "show", "-n", "team-b"}).out, "quotas-bind"));
}

// Not to be able to ask is a mistake of the input, not an answer.
TEST_F(CliLive, AnUnreachableClusterIsStatus2) {
  server_.GoAway();
  const ProgramResult got = Ballast({"check", "-f", Job()});
  EXPECT_EQ(got.status, 2);
  EXPECT_TRUE(Has(got.err, "context here of ")) << got.err;
  EXPECT_TRUE(Has(got.err, "GET /api/v1/nodes: nothing answers at ")) << got.err;
}

TEST_F(CliLive, AMissingRightSaysWhatToDo) {
  server_.Fail("/api/v1/nodes", {Fault::Kind::kStatus, 403, "Forbidden"}, 10);
  const ProgramResult got = Ballast({"check", "-f", Job()});
  EXPECT_EQ(got.status, 2);
  EXPECT_TRUE(Has(got.err, "GET /api/v1/nodes: ")) << got.err;
  EXPECT_TRUE(Has(got.err, "ask for the right to read it, or give --snapshot FILE or --cluster"))
      << got.err;
}

TEST_F(CliLive, APolicyWithAMistakeIsLeftOutAndNamed) {
  server_.store().Put(fakes::kPolicies, {"", "broken"},
                      {{"metadata", {{"name", "broken"}}}, {"spec", {{"mood", "x"}}}});
  const ProgramResult got = Ballast({"policy", "show"});
  EXPECT_EQ(got.status, 0);
  EXPECT_TRUE(Has(got.err, "SparkResourcePolicy broken, spec.mood: is not known")) << got.err;
  EXPECT_TRUE(Has(got.out, "quotas-bind"));
}

}  // namespace
}  // namespace ballast::tests
