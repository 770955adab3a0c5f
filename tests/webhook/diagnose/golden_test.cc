// What is said of applications that a real Spark ran, each with one trouble: the folders of
// tests/testdata/diagnose, made by its make/make.py. UPDATE_GOLDEN=1 writes what is said now.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "webhook/diagnose/diagnosis.h"
#include "webhook/diagnose/log_files.h"
#include "webhook/diagnose/read_application.h"
#include "webhook/text/diagnosis_json.h"

namespace ballast::webhook {
namespace {

namespace fs = std::filesystem;

fs::path Root() { return fs::path(BALLAST_SOURCE_DIR) / "tests/testdata/diagnose"; }

std::vector<std::string> Cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Root())) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && name != "make") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string TextOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class RealLogs : public testing::TestWithParam<std::string> {};

TEST_P(RealLogs, AreReadAsBefore) {
  const fs::path folder = Root() / GetParam() / "logs";
  const fs::path want = Root() / GetParam() / "want.json";
  const auto logs = FindLogs(folder.string());
  ASSERT_TRUE(logs.ok()) << logs.error().what;
  const auto run = ReadApplication(GetParam(), *logs, {});
  ASSERT_TRUE(run.ok()) << run.error().what;
  const std::string got = DiagnosisJson(MakeDiagnosis(*run)).dump(2) + "\n";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(want, std::ios::binary) << got;
  EXPECT_EQ(got, TextOf(want));
}

INSTANTIATE_TEST_SUITE_P(Cases, RealLogs, testing::ValuesIn(Cases()), [](const auto& tested) {
  std::string name = tested.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace ballast::webhook
