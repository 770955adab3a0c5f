#include "k8s/manifest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "k8s/json_text.h"
#include "k8s/kinds/kind.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

std::vector<ManifestDocument> Read(const std::string& text) {
  auto documents = ReadManifests(text, "job.yaml");
  EXPECT_TRUE(documents.ok()) << text << ": " << documents.error().where << ": "
                              << documents.error().what;
  return documents.ok() ? *documents : std::vector<ManifestDocument>{};
}

struct ReadCase {
  const char* name;
  const char* text;
  const char* want;  // the documents as a JSON list
};

class Manifest : public testing::TestWithParam<ReadCase> {};

TEST_P(Manifest, Reads) {
  json objects = json::array();
  for (ManifestDocument& document : Read(GetParam().text)) objects.push_back(document.object);
  EXPECT_EQ(objects, ParseJson(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Manifest,
    testing::Values(
        ReadCase{"Nothing", "", "[]"}, ReadCase{"OnlyComments", "# a\n---\n# b\n", "[]"},
        ReadCase{"OneDocument", "a: 1\n", R"([{"a":1}])"},
        ReadCase{"ManyDocuments", "---\na: 1\n---\n---\nb: 2\n...\n", R"([{"a":1},{"b":2}])"},
        ReadCase{"QuotedStaysText", "a: \"1\"\nb: 'yes'\nc: |\n  x\n",
                 R"([{"a":"1","b":"yes","c":"x\n"}])"},
        ReadCase{"PlainResolves", "a: yes\nb: 010\nc: 4.0.4\nd: ~\ne:\n",
                 R"([{"a":true,"b":8,"c":"4.0.4","d":null,"e":null}])"},
        ReadCase{"TagsDecide", "a: !!str 5\nb: !!int \"5\"\n", R"([{"a":"5","b":5}])"},
        ReadCase{"KeysBecomeText", "1: a\nyes: b\n\"2\": c\n", R"([{"1":"a","true":"b","2":"c"}])"},
        ReadCase{"Aliases", "a: &x {b: 1}\nc: *x\nd: [*x]\n",
                 R"([{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}])"},
        ReadCase{"MergeKeys", "a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n",
                 R"([{"a":{"b":1,"c":2},"d":{"b":1,"c":3}}])"},
        ReadCase{"AListIsFlattened", "kind: List\nitems:\n- kind: A\n- kind: B\n---\nkind: C\n",
                 R"([{"kind":"A"},{"kind":"B"},{"kind":"C"}])"},
        ReadCase{"Placeholders",
                 "image: {REGISTRY}/{NAME}/spark:4 # later\nversion: {{VERSION}}\n"
                 "list:\n- {A}/it's\nmap: {a: b}\nset: {a}\n",
                 R"([{"image":"{REGISTRY}/{NAME}/spark:4","version":"{{VERSION}}",
                      "list":["{A}/it's"],"map":{"a":"b"},"set":{"a":null}}])"},
        ReadCase{"FlowStyle", " {a: [b, {c: d}]}\n---\ne: f\n",
                 R"([{"a":["b",{"c":"d"}]},{"e":"f"}])"},
        ReadCase{"Json", "\n {\"a\": [1, \"\\ud83d\\ude00\", {}]}\n{\"b\":null}",
                 "[{\"a\":[1,\"\xF0\x9F\x98\x80\",{}]},{\"b\":null}]"},
        ReadCase{"JsonList", R"({"kind":"SparkApplicationList","items":[{"kind":"A"}]})",
                 R"([{"kind":"A"}])"}),
    [](const auto& row) { return row.param.name; });

struct MistakeCase {
  const char* name;
  std::string text;
  policy::Error want;
};

class ManifestMistake : public testing::TestWithParam<MistakeCase> {};

TEST_P(ManifestMistake, NamesLineAndColumn) {
  const auto documents = ReadManifests(GetParam().text, "job.yaml");
  ASSERT_FALSE(documents.ok());
  EXPECT_EQ(documents.error().where, GetParam().want.where);
  // yaml-cpp 0.8 also names the anchor that is not there.
  EXPECT_TRUE(documents.error().what == GetParam().want.what ||
              documents.error().what == GetParam().want.what + ": x")
      << documents.error().what;
}

std::string Repeated(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string Laughs() {
  std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            Repeated(before + ", ", 9) + before + "]\n";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ManifestMistake,
    testing::Values(
        MistakeCase{"Twice",
                    "a: 1\nb:\n  c: 1\n  c: 2\n",
                    {"job.yaml:4:3", "the key \"c\" is there twice: keep one of them"}},
        MistakeCase{"TwiceInJson",
                    "{\n  \"a\": 1,\n  \"a\": 2}",
                    {"job.yaml:3:3", "the key \"a\" is there twice: keep one of them"}},
        MistakeCase{
            "Indentation",
            "a:\n  b: 1\n c: 2\n",
            {"job.yaml:3:2",
             "is not valid YAML: end of map not found: look for a tab, a bracket or a quote "
             "that is not closed, or lines that are not indented alike"}},
        MistakeCase{
            "Unclosed",
            "{\n \"a\": [1,\n",
            {"job.yaml:3:1",
             "is not valid JSON: syntax error while parsing value - unexpected end of input; "
             "expected '[', '{', or a literal"}},
        MistakeCase{"Latin1",
                    "a: 1\nb: caf\xE9\n",
                    {"job.yaml:2:1", "is not UTF-8: save the file as UTF-8"}},
        MistakeCase{"NoMapInAList",
                    "kind: List\nitems:\n- kind: A\n- ki 2\n",
                    {"job.yaml:4:3",
                     "is no Kubernetes object: a manifest is a map with apiVersion and kind"}},
        MistakeCase{"ControlCharacter",
                    std::string("a: 1\nb: x\0y\n", 12),
                    {"job.yaml:2:5", "holds a control character: take it out"}},
        MistakeCase{"EndOfTransmission",
                    "a: 1\n\x04\nb: 2\n",
                    {"job.yaml:2:1", "holds a control character: take it out"}},
        MistakeCase{
            "EscapeThatYieldsNoText",
            "a: \"x\\Ny\"\n",
            {"job.yaml:1:4", "holds an escape that has no text here: write the character itself"}},
        MistakeCase{"NoMap",
                    "- a\n- b\n",
                    {"job.yaml:1:1",
                     "is no Kubernetes object: a manifest is a map with apiVersion and kind"}},
        MistakeCase{"NotANumber",
                    "a: .nan\n",
                    {"job.yaml:1:4", ".nan has no place in JSON: write a number"}},
        MistakeCase{"AMapAsKey", "? {a: b}\n: c\n", {"job.yaml:1:3", "a key must be text"}},
        MistakeCase{
            "OnlyAComma", ",", {"job.yaml:1:1", "is not valid YAML: no value begins like this"}},
        MistakeCase{"UnknownAlias",
                    "a: *x\n",
                    {"job.yaml:1:4", "is not valid YAML: the referenced anchor is not defined"}},
        MistakeCase{
            "InsideItself", "a: &x [*x]\n", {"job.yaml:1:8", "an alias inside what it stands for"}},
        MistakeCase{
            "MergeOfText", "a:\n  <<: b\n", {"job.yaml:2:3", "<< needs a map, or a list of maps"}},
        MistakeCase{"ABillionLaughs",
                    Laughs(),
                    {"job.yaml:5:5", "aliases copy more than 4 MiB: write the values out"}},
        MistakeCase{"Deep",
                    "a: " + Repeated("[", 256) + Repeated("]", 256),
                    {"job.yaml:1:259", "is nested deeper than 256 levels"}},
        MistakeCase{"DeepJson",
                    Repeated("{\"a\":", 257) + "1" + Repeated("}", 257),
                    {"job.yaml:1:1281", "is nested deeper than 256 levels"}},
        MistakeCase{"Large",
                    Repeated("# sixteen bytes.\n", 1 << 20),
                    {"job.yaml", "is larger than 16 MiB: pass it in smaller parts"}}),
    [](const auto& row) { return row.param.name; });

TEST(Manifest, NestingAtTheLimitReads) {
  Read("a: " + Repeated("[", 255) + Repeated("]", 255));
  Read(Repeated("{\"a\":", 256) + "1" + Repeated("}", 256));
}

TEST(Manifest, AMillionLevelsAreRefusedQuietly) {
  EXPECT_FALSE(ReadManifests(Repeated("[", 1000000), "x").ok());
  EXPECT_FALSE(ReadManifests(Repeated("{\"a\":", 1000000), "x").ok());
  EXPECT_FALSE(ReadManifests(Repeated("- ", 1000000), "x").ok());
}

TEST(Manifest, KnowsThePlaceOfEveryValue) {
  const auto yaml = Read(
      "kind: List\n"
      "items:\n"
      "- spec:\n"
      "    driver: {cores: 1, memory: 1g}\n"
      "    sparkConf:\n"
      "      \"spark.a/b\": x\n"
      "    list:\n"
      "    - a\n"
      "    -  b\n");
  ASSERT_EQ(yaml.size(), 1u);
  EXPECT_EQ(yaml[0].PlaceOf("/spec/driver/memory"), "job.yaml:4:32");
  EXPECT_EQ(yaml[0].PlaceOf("/spec/driver"), "job.yaml:4:13");
  EXPECT_EQ(yaml[0].PlaceOf("/spec/driver/nothing"), "job.yaml:4:13");
  EXPECT_EQ(yaml[0].PlaceOf("/spec/sparkConf/spark.a~1b"), "job.yaml:6:20");
  EXPECT_EQ(yaml[0].PlaceOf("/spec/list/1"), "job.yaml:9:8");
  EXPECT_EQ(yaml[0].PlaceOf(""), "job.yaml:3:3");

  const auto one = Read("{\n  \"a\": {\"b\": [1,\n \"x\"]},\n\"c\":2}\n{ \"d\": 3}");
  ASSERT_EQ(one.size(), 2u);
  EXPECT_EQ(one[0].PlaceOf("/a/b/1"), "job.yaml:3:2");
  EXPECT_EQ(one[0].PlaceOf("/a/b"), "job.yaml:2:14");
  EXPECT_EQ(one[0].PlaceOf("/c"), "job.yaml:4:5");
  EXPECT_EQ(one[1].PlaceOf("/d"), "job.yaml:5:8");
}

// ---- Files that nobody here wrote
// ----------------------------------------------------------------

std::string Slurp(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::filesystem::path kExamples =
    std::filesystem::path(BALLAST_SOURCE_DIR).parent_path() / "shared" / "examples";

TEST(ManifestExamples, OfBothOperatorsRead) {
  if (!std::filesystem::exists(kExamples)) GTEST_SKIP() << "no examples beside the project";
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kExamples)) {
    const auto extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".yml") continue;
    const auto documents = ReadManifests(Slurp(entry.path()), entry.path().filename());
    EXPECT_TRUE(documents.ok()) << documents.error().where << ": " << documents.error().what;
    ++files;
    if (!documents.ok()) continue;
    EXPECT_FALSE(documents->empty()) << entry.path();
    for (const ManifestDocument& document : *documents) {
      const Kind* kind =
          FindKind(document.object.value("apiVersion", ""), document.object.value("kind", ""));
      if (kind == nullptr) continue;
      const auto workload = kind->normalise(JsonView(document.object), {});
      EXPECT_TRUE(workload.ok()) << entry.path() << workload.error().where;
    }
  }
  EXPECT_GT(files, 30);
}

TEST(Manifest, YamlMayBeginLikeJson) {
  const auto documents = ReadManifests("{\"a\": 1}\n---\n{b: 2}\n", "two.yaml");
  ASSERT_TRUE(documents.ok()) << documents.error().what;
  EXPECT_EQ(documents->size(), 2U);
}

}  // namespace
}  // namespace ballast::k8s
