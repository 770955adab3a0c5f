// `kubectl ballast`: the program under the name by which kubectl finds it, with a kubeconfig, and
// an API server that behaves.

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

namespace fs = std::filesystem;
using fakes::ApiServer;
using nlohmann::json;

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json Application(const std::string& space, const std::string& name, const std::string& heap) {
  return {{"metadata", {{"name", name}, {"namespace", space}}},
          {"spec",
           {{"type", "Scala"},
            {"sparkVersion", "3.5.6"},
            {"driver", {{"cores", 1}, {"memory", "2g"}}},
            {"executor", {{"cores", 4}, {"memory", heap}, {"instances", 4}}}}},
          {"status", {{"applicationState", {{"state", "RUNNING"}}}}}};
}

// Ten nodes of 10 cores and 39Gi; `sessions` of team-a fits, `monster` of team-b does not. The
// kubeconfig lies where kubectl looks, and names team-a.
class CliPlugin : public ::testing::Test {
 protected:
  ApiServer server_;
  fs::path home_ = testing::TempDir() + "cli-plugin-home-" + std::to_string(getpid());

  void SetUp() override {
    StockTenNodes(server_);
    auto& store = server_.store();
    store.Put(fakes::kPolicies, {"", "small"},
              {{"metadata", {{"name", "small"}, {"generation", 1}}},
               {"spec",
                {{"limits", {{"executor", {{"heap", {{"max", "16g"}}}}}}},
                 {"rules", {{"executor-shape", "Enforce"}}}}}});
    store.Put(kApplications, {"team-a", "sessions"}, Application("team-a", "sessions", "8g"));
    store.Put(kApplications, {"team-a", "wide"}, Application("team-a", "wide", "24g"));
    store.Put(kApplications, {"team-b", "monster"}, Application("team-b", "monster", "400g"));

    fs::create_directories(home_ / ".kube");
    fs::create_symlink(BallastBinary(), home_ / "kubectl-ballast");
    std::ofstream(home_ / "ca.pem") << server_.authority().certificate_pem;
    Kubeconfig(home_ / ".kube" / "config");
  }
  void TearDown() override { fs::remove_all(home_); }

  void Kubeconfig(const fs::path& file) {
    std::ofstream(file) << "{apiVersion: v1, kind: Config, current-context: here,\n"
                           " clusters: [{name: c, cluster: {server: \""
                        << server_.url() << "\", certificate-authority: " << home_ / "ca.pem"
                        << "}}],\n users: [{name: u, user: {token: t}}],\n"
                        << " contexts: [{name: here, context: {cluster: c, user: u, namespace: "
                        << "team-a}}, {name: there, context: {cluster: c, user: u, namespace: "
                        << "team-b}}]}\n";
  }

  ProgramResult Plugin(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), (home_ / "kubectl-ballast").string());
    return RunProgram(arguments, "", {"HOME=" + home_.string()});
  }
  ProgramResult Ballast(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), BallastBinary());
    return RunProgram(arguments, "", {"HOME=" + home_.string()});
  }
};

TEST_F(CliPlugin, ChecksWhatIsThereByTheLivePolicyAndNodes) {
  const ProgramResult all = Plugin({"check", "-A"});
  EXPECT_EQ(all.status, 1) << all.err;
  EXPECT_TRUE(Has(all.out, "SparkApplication team-a/sessions  Admitted")) << all.out;
  EXPECT_TRUE(Has(all.out, "SparkApplication team-a/wide  Rewritten")) << all.out;
  EXPECT_TRUE(Has(all.out, "SparkApplication team-b/monster  Rejected")) << all.out;
  EXPECT_TRUE(Has(all.out, "3 documents: 1 admitted, 1 rewritten, 1 rejected")) << all.out;

  // Of the context's namespace, of another, of another context.
  EXPECT_TRUE(Has(Plugin({"check"}).out, "2 documents: 1 admitted, 1 rewritten"));
  EXPECT_TRUE(Has(Plugin({"check", "-n", "team-b"}).out, "1 document: 1 rejected"));
  EXPECT_TRUE(Has(Plugin({"check", "--namespace=team-b"}).out, "1 document: 1 rejected"));
  EXPECT_TRUE(Has(Plugin({"check", "--context", "there"}).out, "1 document: 1 rejected"));
}

TEST_F(CliPlugin, NamesAreAsKubectlTakesThem) {
  for (const char* name : {"sessions", "sparkapplication/sessions", "SparkApplications/sessions",
                           "sparkapplications.sparkoperator.k8s.io/sessions"}) {
    const ProgramResult got = Plugin({"check", name, "-o", "json"});
    EXPECT_EQ(got.status, 0) << got.err;
    EXPECT_EQ(k8s::ParseJson(got.out)["resource"]["name"], "sessions");
  }
  EXPECT_TRUE(Has(Plugin({"check", "sessions", "wide"}).out, "2 documents"));
  const ProgramResult none = Plugin({"check", "monster"});
  EXPECT_EQ(none.status, 2);
  EXPECT_EQ(none.err, "ballast: monster: is no Spark application of namespace team-a\n");
  EXPECT_EQ(Plugin({"check", "sparkconnect/sessions"}).status, 2);
  const ProgramResult empty = Plugin({"check", "-n", "team-c"});
  EXPECT_EQ(empty.status, 0);
  EXPECT_EQ(empty.out, "");
  EXPECT_EQ(empty.err, "No Spark applications found in team-c namespace.\n");
}

TEST_F(CliPlugin, ExplainsAndHoldsAgainstTheCluster) {
  const ProgramResult explained = Plugin({"explain", "sessions"});
  EXPECT_EQ(explained.status, 0) << explained.err;
  EXPECT_TRUE(Has(explained.out, "SparkApplication team-a/sessions")) << explained.out;
  EXPECT_TRUE(Has(explained.out, "executor  asks Kubernetes for 9011Mi")) << explained.out;
  EXPECT_TRUE(Has(Plugin({"explain", "-A"}).out, "SparkApplication team-b/monster"));
  EXPECT_TRUE(Has(Plugin({"explain"}).out, "SparkApplication team-a/wide"));
  // What is given on the command line needs no cluster.
  const int before = server_.Count("GET");
  EXPECT_EQ(Plugin({"explain", "--conf", "spark.executor.memory=4g"}).status, 0);
  EXPECT_EQ(server_.Count("GET"), before);

  const ProgramResult capacity = Plugin({"capacity", "-o", "json"});
  EXPECT_EQ(capacity.status, 0) << capacity.err;
  const json alone = k8s::ParseJson(capacity.out);
  EXPECT_TRUE(alone.is_object()) << capacity.out;
  EXPECT_FALSE(alone.contains("workloads"));
  const ProgramResult held = Plugin({"capacity", "-A", "-o", "json"});
  EXPECT_EQ(k8s::ParseJson(held.out)["workloads"].size(), 3U) << held.err;
  EXPECT_EQ(k8s::ParseJson(Plugin({"capacity", "wide", "-o", "json"}).out)["workloads"].size(), 1U);
}

TEST_F(CliPlugin, OnlyThePluginTakesTheHomesKubeconfigWithoutBeingTold) {
  EXPECT_EQ(Plugin({"policy", "show"}).status, 0);
  EXPECT_TRUE(Has(Plugin({"policy", "show"}).out, "small"));
  EXPECT_FALSE(Has(Ballast({"policy", "show"}).out, "small"));
  const ProgramResult got = Ballast({"check"});
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.err,
            "ballast: needs -f FILE, or a live cluster: --context, --kubeconfig or KUBECONFIG\n");
  EXPECT_EQ(Ballast({"check", "sessions", "--context", "here"}).status, 0);

  fs::remove(home_ / ".kube" / "config");
  const ProgramResult lost = Plugin({"check"});
  EXPECT_EQ(lost.status, 2);
  EXPECT_EQ(lost.err, "ballast: " + (home_ / ".kube/config").string() +
                          ": is not there, and KUBECONFIG is not set: which cluster? Give "
                          "--kubeconfig FILE, or files of the cluster instead of a live one\n");
  Kubeconfig(home_ / "other");
  EXPECT_EQ(Plugin({"check", "sessions", "--kubeconfig", home_ / "other"}).status, 0);
}

TEST_F(CliPlugin, SelectionsThatContradictAreMistakes) {
  std::ofstream(home_ / "job.json") << "{}";
  const std::string job = home_ / "job.json";
  EXPECT_EQ(Plugin({"check", "-f", job, "sessions"}).status, 2);
  EXPECT_EQ(Plugin({"check", "-f", job, "-A"}).status, 2);
  EXPECT_EQ(Plugin({"check", "-A", "-n", "team-a"}).status, 2);
}

// Every command's help calls it as the user does, in no more than 100 columns.
TEST_F(CliPlugin, HelpSaysKubectlBallast) {
  for (const std::vector<std::string>& command : EveryCommand()) {
    std::vector<std::string> arguments = command;
    arguments.push_back("--help");
    const ProgramResult got = Plugin(arguments);
    EXPECT_EQ(got.status, 0);
    EXPECT_TRUE(Has(got.out, "Usage: kubectl ballast")) << got.out;
    std::istringstream lines(got.out);
    bool examples = false;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << line;
      examples = examples || line.starts_with("Example");
      if (!examples) continue;
      for (size_t at = line.find("ballast "); at != std::string::npos;
           at = line.find("ballast ", at + 1)) {
        EXPECT_EQ(line.substr(at - std::min<size_t>(at, 8), std::min<size_t>(at, 8)), "kubectl ")
            << line;
      }
    }
  }
  const ProgramResult unknown = Plugin({"chek"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_TRUE(
      Has(unknown.err, "Try `kubectl ballast --help`, or `kubectl ballast COMMAND --help`."))
      << unknown.err;
  EXPECT_TRUE(Has(Ballast({"--help"}).out, "  ballast demo  "));
}

}  // namespace
}  // namespace ballast::tests
