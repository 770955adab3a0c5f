// What is said of applications that a real Spark ran, each with one trouble: the folders of
// tests/testdata/diagnose, made by its make/make.py. UPDATE_GOLDEN=1 writes what is said now.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "k8s/json_text.h"
#include "policy/symptoms/symptom.h"
#include "webhook/diagnose/codecs.h"
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
  const std::string got = k8s::PrintJson(DiagnosisJson(MakeDiagnosis(*run)), 2) + "\n";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(want, std::ios::binary) << got;
  EXPECT_EQ(got, TextOf(want));
}

TEST(RealLogsTest, ShowEverySymptom) {
  std::string said;
  for (const std::string& name : Cases()) said += TextOf(Root() / name / "want.json");
  for (const policy::Symptom* symptom : policy::AllSymptoms()) {
    const std::string line = "\"symptom\": \"" + std::string(symptom->id) + "\"";
    EXPECT_NE(said.find(line), std::string::npos) << symptom->id;
  }
}

std::string Unpacked(const std::string& path) {
  auto bytes = OpenBytes(path, {});
  if (!bytes.ok()) return "";
  const ReadBytes read = Decompressed(*std::move(bytes));
  std::string text;
  std::vector<char> part(1 << 16);
  while (const size_t got = read(part).bytes) text.append(part.data(), got);
  return text;
}

// Folders of the machine that made a log, and its user. What follows a letter is the end of a
// longer path, as that of a worker of Spark's.
std::vector<std::string> ForeignWords(const std::string& text) {
  const std::string folders[] = {
      "/wo"
      "rk/",
      "/ro"
      "ot/",
      "/ho"
      "me/",
      "/w"
      "t/"};
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    for (size_t at = 0; (at = text.find(folder, at)) != std::string::npos; ++at) {
      const char before = at == 0 ? ' ' : text[at - 1];
      const bool is_longer = std::isalnum(static_cast<unsigned char>(before)) != 0 ||
                             std::string_view("._-}").find(before) != std::string_view::npos;
      if (!is_longer) found.push_back(text.substr(at, 80));
    }
  }
  if (text.find("\"user.name\":\"root\"") != std::string::npos) found.push_back("the user root");
  return found;
}

TEST_P(RealLogs, NameNoMachine) {
  const auto logs = FindLogs((Root() / GetParam() / "logs").string());
  ASSERT_TRUE(logs.ok()) << logs.error().what;
  for (const LogFiles& log : *logs) {
    for (const std::string& path : log.paths) {
      const std::string text = Unpacked(path);
      EXPECT_NE(text, "") << path;
      EXPECT_EQ(ForeignWords(text), std::vector<std::string>()) << path;
    }
  }
}

TEST(RealLogsTest, FoldersOfAMachineAreFound) {
  const std::string folder =
      "/ro"
      "ot/";
  EXPECT_EQ(ForeignWords("in " + folder + "x"), std::vector<std::string>{folder + "x"});
  EXPECT_EQ(ForeignWords("in /opt/spark" + folder + "x"), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Cases, RealLogs, testing::ValuesIn(Cases()), [](const auto& tested) {
  std::string name = tested.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace ballast::webhook
