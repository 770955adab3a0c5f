// One engine answers everywhere: what the real webhook answers over TLS, what `ballast review` and
// what `ballast check` say of the same object are the same, byte for byte.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/manifest.h"
#include "tests/service/run_program.h"
#include "tests/service/running_service.h"

namespace ballast::service_test {
namespace {

using nlohmann::json;
using tests::ProgramResult;
using tests::RunProgram;
namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string FromBase64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  bytes.resize(static_cast<size_t>(std::max(size, 0)));
  for (size_t i = text.size(); i > 0 && text[i - 1] == '='; --i) bytes.pop_back();
  return bytes;
}

// The service's own policy and cluster, for a command.
std::vector<std::string> Command(const RunningService& service, std::vector<std::string> command) {
  command.insert(command.begin(), BALLAST_BINARY);
  command.insert(command.end(), {"--policy", service.path("policy.yaml"), "--cluster",
                                 service.path("cluster.yaml")});
  return command;
}

// The webhook's answer, which `review` must give to the letter.
json AnswerOf(const RunningService& service, const std::string& endpoint, const std::string& body) {
  const auto answer = service.Ask(fakes::Post("/" + endpoint + "?timeout=10s", body));
  if (!answer) {
    ADD_FAILURE() << "no answer";
    return {};
  }
  const ProgramResult reviewed =
      RunProgram(Command(service, {"review", "--endpoint", endpoint}), body);
  EXPECT_EQ(reviewed.out, answer->body + "\n") << endpoint;
  const json response = k8s::ParseJson(answer->body)["response"];
  EXPECT_EQ(reviewed.status, response["allowed"] == true ? 0 : 1);
  return response;
}

// `check` of an object that is created, against what /mutate answered.
void CheckSaysTheSame(const RunningService& service, const json& object, const std::string& space,
                      const json& response) {
  const auto check = [&](const char* output) {
    return RunProgram(Command(service, {"check", "-f", "-", "-n", space, "-o", output}),
                      k8s::PrintJson(object));
  };
  const ProgramResult patch = check("patch");
  if (patch.status == 2) {  // what cannot be read is told on standard error, and judged by neither
    EXPECT_FALSE(response.contains("patch"));
    EXPECT_FALSE(patch.err.empty());
    return;
  }
  const std::string sent =
      response.contains("patch") ? FromBase64(response["patch"].get<std::string>()) : "[]";
  // `check` prints the same patch for people, over several lines.
  EXPECT_EQ(k8s::PrintJson(k8s::ParseJson(patch.out)), sent);
  EXPECT_EQ(patch.status, response["allowed"] == true ? 0 : 1) << patch.err;

  const json decision = k8s::ParseJson(check("json").out);
  EXPECT_EQ(k8s::PrintJson(decision["patch"]), sent);
  EXPECT_EQ(decision["verdict"] == "Rejected", response["allowed"] == false);
  EXPECT_EQ(decision["warnings"], response.value("warnings", json::array()));
}

// Of an application: a policy's own review says who asks, which no file does.
bool IsForCheck(const json& request) {
  return request["operation"] == "CREATE" && request.value("subResource", "").empty() &&
         request["kind"]["group"] != "policy.ballast.dev";
}

TEST(OneEngine, GoldenReviewsAreAnsweredAlikeEverywhere) {
  size_t checked = 0;
  for (const auto& folder : fs::directory_iterator(tests::TestData("admission"))) {
    SCOPED_TRACE(folder.path().filename().string());
    RunningService service({}, /*start=*/false);
    service.Write("policy.yaml", ReadFile(folder.path() / "policy.yaml"));
    service.Write("cluster.yaml", ReadFile(folder.path() / "cluster.yaml"));
    service.Start();
    const std::string body = ReadFile(folder.path() / "review.json");
    // Who asks for an exception is known at admission alone; a file has no user.
    if (body.find("\"SparkPolicyException\"") != std::string::npos) continue;
    AnswerOf(service, "validate", body);
    const json response = AnswerOf(service, "mutate", body);
    const json request = k8s::ParseJson(body)["request"];
    if (!IsForCheck(request)) continue;
    CheckSaysTheSame(service, request["object"], request.value("namespace", ""), response);
    ++checked;
  }
  EXPECT_GE(checked, 15U);
}

// Every object lacks something that this policy wants.
constexpr const char* kRewritesAll =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: all}\n"
    "spec:\n  rules: {settings: Enforce}\n"
    "  settings: [{key: spark.network.timeout, type: time, default: 600s}]\n";

// A review of an object that is created, of whatever kind.
json ReviewOf(const json& object) {
  const std::string api_version = object["apiVersion"];
  const size_t slash = api_version.find('/');
  json review = k8s::ParseJson(OrdinaryReview());
  json& request = review["request"];
  request["kind"] = {{"group", api_version.substr(0, slash)},
                     {"version", api_version.substr(slash + 1)},
                     {"kind", object["kind"]}};
  request["object"] = object;
  request["name"] = object["metadata"]["name"];
  return review;
}

struct Examples {
  const char* folder;
  size_t least;      // that are judged
  size_t rewritten;  // of these; no setting is asked of a SparkCluster
};

TEST(OneEngine, EveryExampleOfTheOperatorsIsAnsweredAlikeEverywhere) {
  const fs::path root = fs::path(BALLAST_SOURCE_DIR) / "../shared/examples";
  if (!fs::is_directory(root)) GTEST_SKIP() << "the examples are not beside it";
  RunningService service({}, /*start=*/false);
  service.Write("policy.yaml", kRewritesAll);
  service.Start();
  for (const Examples& of : {Examples{"kubeflow", 10, 10}, Examples{"apache", 27, 22}}) {
    size_t judged = 0;
    size_t rewritten = 0;
    for (const auto& entry : fs::directory_iterator(root / of.folder)) {
      const auto documents = k8s::ReadManifests(ReadFile(entry.path()), entry.path().string());
      ASSERT_TRUE(documents.ok()) << entry.path();
      for (const k8s::ManifestDocument& document : *documents) {
        const std::string api_version = document.object.value("apiVersion", "");
        if (api_version.find("spark") == std::string::npos) continue;
        SCOPED_TRACE(entry.path().filename().string());
        const json response =
            AnswerOf(service, "mutate", k8s::PrintJson(ReviewOf(document.object)));
        CheckSaysTheSame(service, document.object, "default", response);
        ++judged;
        rewritten += response.contains("patch") ? 1 : 0;
      }
    }
    EXPECT_GE(judged, of.least) << of.folder;
    EXPECT_GE(rewritten, of.rewritten) << of.folder;
  }
}

}  // namespace
}  // namespace ballast::service_test
