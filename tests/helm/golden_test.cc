// What the chart makes of several values files, held against tests/testdata/helm/CASE/want.yaml.
// UPDATE_GOLDEN=1 rewrites those.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/helm/helm.h"

namespace ballast::tests {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = "tests/testdata/helm";

std::vector<std::string> Cases() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(std::string(BALLAST_SOURCE_DIR) + "/" + kFolder)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Without the definitions of policies, which are files of the chart as they stand, made and held
// elsewhere.
std::string WithoutDefinitions(const std::string& rendered) {
  std::string kept;
  for (size_t at = 0; at < rendered.size();) {
    const size_t end = std::min(rendered.find("\n---\n", at), rendered.size() - 1) + 1;
    const std::string document = rendered.substr(at, end - at);
    if (document.find("\nkind: CustomResourceDefinition\n") == std::string::npos) kept += document;
    at = end;
  }
  return kept;
}

// "line 7: has ..., wanted ..."; empty: they are equal.
std::string FirstDifference(const std::string& has, const std::string& wanted) {
  std::istringstream has_lines(has);
  std::istringstream wanted_lines(wanted);
  for (int number = 1;; ++number) {
    std::string a;
    std::string b;
    const bool more = static_cast<bool>(std::getline(has_lines, a));
    const bool more_wanted = static_cast<bool>(std::getline(wanted_lines, b));
    if (!more && !more_wanted) return "";
    if (more != more_wanted || a != b) {
      return "line " + std::to_string(number) + ": has '" + a + "', wanted '" + b + "'";
    }
  }
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, IsWhatHelmMakes) {
  BALLAST_NEEDS_HELM();
  const std::string folder = kFolder + "/" + GetParam();
  // The definitions are long, and the same in every case; they have a test of their own.
  const ProgramResult result =
      Render({"--values", folder + "/values.yaml", "--set", "crds.install=false"});
  ASSERT_EQ(result.status, 0) << result.err;
  const std::string made = WithoutDefinitions(result.out);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(BALLAST_SOURCE_DIR) + "/" + folder + "/want.yaml") << made;
  }
  EXPECT_EQ(FirstDifference(made, ReadSource(folder + "/want.yaml")), "");
}

TEST(Chart, BringsTheDefinitionsOfPolicies) {
  BALLAST_NEEDS_HELM();
  const ProgramResult with = Render({});
  const ProgramResult without = Render({"--set", "crds.install=false"});
  for (const auto& entry :
       fs::directory_iterator(std::string(BALLAST_SOURCE_DIR) + "/helm/ballast/files/crds")) {
    const std::string name = "\n  name: " + entry.path().stem().string() + "\n";
    EXPECT_NE(with.out.find(name), std::string::npos) << name;
    EXPECT_EQ(without.out.find(name), std::string::npos) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Chart, Golden, testing::ValuesIn(Cases()), [](const auto& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Chart, ShipsTheDefinitionsAsTheyAre) {
  BALLAST_NEEDS_HELM();
  const ProgramResult result = Render({"--show-only", "templates/crds.yaml"});
  ASSERT_EQ(result.status, 0) << result.err;
  size_t files = 0;
  for (const auto& file :
       fs::directory_iterator(std::string(BALLAST_SOURCE_DIR) + "/helm/ballast/files/crds")) {
    ++files;
    const std::string name = file.path().filename();
    EXPECT_NE(result.out.find(ReadSource("helm/ballast/files/crds/" + name)), std::string::npos)
        << name;
  }
  EXPECT_EQ(files, 2U);
}

TEST(Chart, PassesStrictLint) {
  BALLAST_NEEDS_HELM();
  for (const std::string& name : Cases()) {
    const ProgramResult result = RunHelm(
        {"lint", "--strict", "--values", kFolder + "/" + name + "/values.yaml", "helm/ballast"});
    EXPECT_EQ(result.status, 0) << name << ": " << result.out << result.err;
  }
}

// `helm upgrade --reuse-values` keeps the values of an older chart, which lack what came since.
TEST(Chart, TakesTheValuesOfAnOlderOneAsItsDefaults) {
  BALLAST_NEEDS_HELM();
  const ProgramResult now = Render({});
  ProgramResult older =
      Render({"--set", "webhooks.submissions=null", "--set", "webhooks.unknownVersions=null",
              "--set", "page=null", "--set", "reports=null"});
  EXPECT_EQ(older.status, 0) << older.err;
  EXPECT_EQ(FirstDifference(older.out, now.out), "");
  older = Render({"--set", "onUnknownKindVersion=null"});
  EXPECT_EQ(older.status, 0) << older.err;
  EXPECT_EQ(older.out.find("--on-unknown-kind-version"), std::string::npos);
}

struct Refusal {
  const char* name;
  const char* set;
  const char* text;
};
void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class Refusing : public testing::TestWithParam<Refusal> {};

TEST_P(Refusing, AValueThatIsAMistake) {
  BALLAST_NEEDS_HELM();
  const ProgramResult result = Render({"--set", GetParam().set});
  EXPECT_NE(result.status, 0);
  EXPECT_NE(result.err.find(GetParam().text), std::string::npos) << result.err;
}

INSTANTIATE_TEST_SUITE_P(
    Chart, Refusing,
    testing::Values(
        Refusal{"UnknownKey", "replicaCount=2", "'replicaCount' not allowed"},
        Refusal{"UnknownInnerKey", "webhooks.mutate.timeout=2", "'timeout' not allowed"},
        Refusal{"NoReplica", "replicas=0", "replicas"},
        Refusal{"TooPatient", "webhooks.validate.timeoutSeconds=31", "timeoutSeconds"},
        Refusal{"ADigestThatIsNone", "image.digest=sha256:12", "digest"},
        Refusal{"UnknownSource", "certificates.source=vault", "source"},
        Refusal{"ASecretWithoutTrust", "certificates.source=secret", "caBundle is needed"},
        Refusal{"AnOverlapThatNeverEnds", "certificates.ballast.overlapDays=200",
                "must be at most half of"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace ballast::tests
