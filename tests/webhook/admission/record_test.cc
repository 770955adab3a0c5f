#include "webhook/admission/record.h"

#include <gtest/gtest.h>

#include "k8s/api/object_parser.h"
#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "tests/webhook/admission/admission_fixture.h"
#include "webhook/admission/pinned.h"
#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

const json kObject = Application(R"({"executor":{"memory":"60g","instances":10,"coreLimit":"8"},
                                     "driver":null})");
const k8s::Patch kPatch = {
    {"replace", "/spec/executor/memory", "15g"}, {"remove", "/spec/executor/coreLimit", nullptr},
    {"add", "/spec/sparkConf", json::object()},  {"add", "/spec/sparkConf/spark.a~1b", "1"},
    {"add", "/spec/driver", json::object()},     {"add", "/spec/driver/cores", 2}};

TEST(Record, Printed) {
  EXPECT_EQ(PrintRecord(MakeRecord(k8s::JsonView(kObject), kPatch, 0xAB)),
            R"({"v":1,"asked":"00000000000000ab","paths":{)"
            R"("/spec/driver":{"was":null,"now":{}},)"
            R"("/spec/driver/cores":{"now":2},)"
            R"("/spec/executor/coreLimit":{"was":"8"},)"
            R"("/spec/executor/memory":{"was":"60g","now":"15g"},)"
            R"("/spec/sparkConf":{"now":{}},)"
            R"("/spec/sparkConf/spark.a~1b":{"now":"1"}}})");
}

TEST(Record, ParseOfPrintIsTheValue) {
  const Record record = MakeRecord(k8s::JsonView(kObject), kPatch, 0xFEDCBA9876543210);
  const policy::Result<Record> parsed = ParseRecord(PrintRecord(record));
  ASSERT_TRUE(parsed.ok()) << parsed.error().where << parsed.error().what;
  EXPECT_EQ(*parsed, record);
}

TEST(Record, RestoreUndoesAndApplyRedoes) {
  const Record record = MakeRecord(k8s::JsonView(kObject), kPatch, 0);
  json object = *k8s::ApplyPatch(kObject, kPatch);
  EXPECT_TRUE(HoldsRecorded(k8s::JsonView(object), record));
  const json patched = object;
  RestorePaths(object, record);
  EXPECT_EQ(object, kObject);
  EXPECT_FALSE(HoldsRecorded(k8s::JsonView(object), record));
  ApplyRecord(object, record);
  EXPECT_EQ(object, patched);
}

TEST(Record, WhatTheUserChangedSinceStays) {
  const Record record = MakeRecord(k8s::JsonView(kObject), kPatch, 0);
  json object = *k8s::ApplyPatch(kObject, kPatch);
  object["spec"]["executor"]["memory"] = "20g";
  object["spec"]["sparkConf"]["spark.mine"] = "x";
  RestorePaths(object, record);
  json want = kObject;
  want["spec"]["executor"]["memory"] = "20g";
  want["spec"]["sparkConf"]["spark.mine"] = "x";
  EXPECT_EQ(object, want);
}

TEST(Record, WhatTheUserAppliedHimselfStays) {
  const Record record = MakeRecord(k8s::JsonView(kObject), kPatch, 0);
  json object = *k8s::ApplyPatch(kObject, kPatch);
  RestorePaths(object, record, Application(R"({"executor":{"memory":"15g","coreLimit":"8"}})"));
  json want = kObject;
  want["spec"]["executor"]["memory"] = "15g";
  EXPECT_EQ(object, want);
}

TEST(Record, WhatTheUserTookOutOfHisTextDoesNotComeBack) {
  constexpr const char* kWithout = R"({"executor":{"memory":"60g"}})";
  constexpr const char* kWith = R"({"executor":{"memory":"60g","coreLimit":"8"}})";
  struct Row {
    const char* before;
    const char* applied;
    bool back;
  };
  const Row kRows[] = {
      {kWith, kWith, true},
      {kWith, kWithout, false},
      {kWith, R"({"executor":{"memory":"60g","coreLimit":null}})", false},
      {kWith, R"({})", false},
      // It never came from there: kubectl edit wrote it, or another webhook.
      {kWithout, kWithout, true},
  };
  const Record record = MakeRecord(k8s::JsonView(kObject), kPatch, 0);
  for (const Row& row : kRows) {
    json object = *k8s::ApplyPatch(kObject, kPatch);
    RestorePaths(object, record, Application(row.applied), Application(row.before));
    json want = kObject;
    if (!row.back) want["spec"]["executor"].erase("coreLimit");
    EXPECT_EQ(object, want) << row.applied;
  }
}

TEST(Record, MalformedOnesAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "byte 1"},
      {"[]", "/v"},
      {R"({"v":2,"asked":"00000000000000ab","paths":{"/a":{"now":1}}})", "/v"},
      {R"({"v":1,"asked":"00000000000000ab","paths":{"/a":{"now":1}},"x":1})", "/v"},
      {R"({"v":1,"asked":"0ab","paths":{"/a":{"now":1}}})", "/asked"},
      {R"({"v":1,"asked":"00000000000000AB","paths":{"/a":{"now":1}}})", "/asked"},
      {R"({"v":1,"asked":"0000000000000-ab","paths":{"/a":{"now":1}}})", "/asked"},
      {R"({"v":1,"asked":7,"paths":{"/a":{"now":1}}})", "/asked"},
      {R"({"v":1,"asked":"00000000000000ab","paths":{}})", "/paths"},
      {R"({"v":1,"asked":"00000000000000ab","paths":[]})", "/paths"},
      {R"({"v":1,"asked":"00000000000000ab","paths":{"a":{"now":1}}})", "a"},
      {R"({"v":1,"asked":"00000000000000ab","paths":{"/a":{}}})", "/a"},
      {R"({"v":1,"asked":"00000000000000ab","paths":{"/a":{"then":1}}})", "/a"},
  };
  for (const auto& [text, where] : cases) {
    const policy::Result<Record> record = ParseRecord(text);
    ASSERT_FALSE(record.ok()) << text;
    EXPECT_EQ(record.error().where, where) << text;
  }
  EXPECT_FALSE(ParseRecord(std::string(100'000, '[')).ok());
}

TEST(Record, OnlyWhatBallastWritesIsTaken) {
  const k8s::Kind& kind = *k8s::FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication");
  const auto read = [&](const std::string& paths) {
    return ReadRecordFor(kind, R"({"v":1,"asked":"0000000000000000","paths":{)" + paths + "}}");
  };
  EXPECT_TRUE(read(R"("/spec/executor/memory":{"was":"60g","now":"15g"})").ok());
  for (const char* paths :
       {R"("/metadata":{"was":1})", R"("/":{"was":1})", R"("/spec/x":{"was":{"a":1}})",
        R"("/spec/executor/memory":{"was":[[[]]],"now":"15g"})"}) {
    const auto record = read(paths);
    ASSERT_FALSE(record.ok()) << paths;
    EXPECT_EQ(record.error().what, "is not Ballast's to write") << paths;
  }
  std::string many;
  for (int i = 0; i < 1001; ++i) {
    many += (i == 0 ? "\"" : ",\"") + ("/spec/sparkConf/spark." + std::to_string(i)) +
            R"(":{"now":"1"})";
  }
  EXPECT_EQ(read(many).error().what, "names more paths than Ballast ever changes");
  EXPECT_EQ(ParseRecord(std::string(300'000, ' ')).error().what,
            "is longer than any record of Ballast's");
}

TEST(Record, DamagedPathsAreLeftAlone) {
  json object = Application(R"({"executor":"text","list":[1,2]})");
  const json before = object;
  const Record record{0,
                      {{"/spec/executor/memory", json("1g"), std::nullopt},
                       {"/spec/list/7/x", json(1), std::nullopt},
                       {"/spec/list/999999999999999999999", json(1), std::nullopt}}};
  RestorePaths(object, record);
  EXPECT_EQ(object, before);
}

struct AskedCase {
  const char* name;
  const char* a;
  const char* b;
  bool same;
};

TEST(Asked, Digest) {
  const AskedCase cases[] = {
      {"Order", R"({"x":1,"y":"2"})", R"({"y":"2","x":1})", true},
      {"NullIsAbsent", R"({"x":null})", R"({})", true},
      {"EmptyIsAbsent", R"({"x":{},"y":[]})", R"({})", true},
      {"SuspendDoesNotCount", R"({"suspend":true,"x":1})", R"({"x":1,"suspend":false})", true},
      {"WholeNumbers", R"({"x":4})", R"({"x":4.0})", true},
      {"Value", R"({"x":1})", R"({"x":2})", false},
      {"Type", R"({"x":1})", R"({"x":"1"})", false},
      {"TrueIsNotOne", R"({"x":1})", R"({"x":true})", false},
      {"False", R"({"x":false})", R"({})", false},
      {"EmptyText", R"({"x":""})", R"({})", false},
      {"Key", R"({"x":1})", R"({"y":1})", false},
      {"Swapped", R"({"x":1,"y":2})", R"({"x":2,"y":1})", false},
      {"Nested", R"({"a":{"x":1}})", R"({"x":1})", false},
      {"ListOrder", R"({"a":[1,2]})", R"({"a":[2,1]})", false},
      {"EndOfText", R"({"a":"12345678"})", R"({"a":"123456780"})", false},
      {"InnerSuspendCounts", R"({"a":{"suspend":true}})", R"({"a":{"suspend":false}})", false},
  };
  for (const AskedCase& test : cases) {
    const json a = Application(test.a);
    const json b = Application(test.b);
    EXPECT_EQ(DigestOfAsked(k8s::JsonView(a)) == DigestOfAsked(k8s::JsonView(b)), test.same)
        << test.name;
  }
}

// Stored records hold this number: when it changes, every recorded decision is judged anew.
TEST(Asked, DigestStaysTheSameForEver) {
  const json object = Application(R"({"executor":{"memory":"60g","cores":8},"list":["a",true]})");
  EXPECT_EQ(DigestOfAsked(k8s::JsonView(object)), 12475028626665574938u);
}

TEST(Asked, MetadataAndStatusDoNotCount) {
  const json a = Application(R"({"x":1})");
  json b = a;
  b["metadata"]["labels"]["x"] = "y";
  b["status"]["state"] = "RUNNING";
  EXPECT_EQ(DigestOfAsked(k8s::JsonView(a)), DigestOfAsked(k8s::JsonView(b)));
  EXPECT_TRUE(SameAsked(k8s::JsonView(a), k8s::JsonView(b)));
  b["spec"]["x"] = 2;
  EXPECT_FALSE(SameAsked(k8s::JsonView(a), k8s::JsonView(b)));
}

TEST(Asked, TheOrderOfMembersDoesNotCount) {
  const json spec = k8s::ParseJson(R"({"spec":{"a":1,"b":{"c":2,"d":3}}})");
  k8s::ObjectParser parser;  // which keeps the order as it was written
  const auto turned = parser.Parse(R"({"spec":{"b":{"d":3,"c":2},"a":1}})");
  EXPECT_TRUE(SameAsked(k8s::JsonView(spec), turned.value()));
  const auto twice = parser.Parse(R"({"spec":{"a":7,"b":{"d":3,"c":2},"a":1}})");
  EXPECT_TRUE(SameAsked(k8s::JsonView(spec), twice.value()));
}

// Two sorted lists of members, one shifted by one: each look-up by scanning would take for ever.
TEST(Asked, ManyMembersThatDifferAreComparedAtOnce) {
  json before, after;
  for (int i = 0; i < 200'000; ++i) {
    before["spec"]["hadoopConf"][std::to_string(1'000'000 + i)] = "1";
    after["spec"]["hadoopConf"][std::to_string(1'000'001 + i)] = "1";
  }
  EXPECT_FALSE(SameAsked(k8s::JsonView(before), k8s::JsonView(after)));
  EXPECT_TRUE(SameAsked(k8s::JsonView(before), k8s::JsonView(before)));
}

TEST(Restore, PrintsWhatTheUserWrote) {
  const Record record = MakeRecord(k8s::JsonView(kObject), kPatch, 0);
  json stored = *k8s::ApplyPatch(kObject, kPatch);
  stored["status"]["state"] = "RUNNING";
  stored["metadata"]["uid"] = "1";
  stored["metadata"]["resourceVersion"] = "7";
  stored["metadata"]["annotations"] = {{"ballast.dev/original", PrintRecord(record)},
                                       {"ballast.dev/decision", "{}"}};
  const policy::Result<json> restored = Restore(stored);
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ(*restored, kObject);
}

TEST(Restore, SaysWhyThereIsNothingToRestore) {
  EXPECT_EQ(Restore(kObject).error().what,
            "has no ballast.dev/original: Ballast did not rewrite this object");
  json damaged = kObject;
  damaged["metadata"]["annotations"]["ballast.dev/original"] = "{}";
  EXPECT_EQ(Restore(damaged).error().what, "/v is no record of this version");
}

}  // namespace
}  // namespace ballast::webhook
