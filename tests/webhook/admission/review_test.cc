#include "webhook/admission/review.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> RealReviews() {
  std::vector<std::string> bodies;
  const std::filesystem::path folder =
      std::filesystem::path(BALLAST_SOURCE_DIR) / "tests/testdata/reviews";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    bodies.push_back(ReadFile(entry.path()));
  }
  return bodies;
}

std::string Nested(size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

std::string Review(const std::string& request) {
  return R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":)" + request +
         "}";
}

TEST(ReviewReader, ReadsARealCreate) {
  std::string body = ReadFile(std::string(BALLAST_SOURCE_DIR) +
                              "/tests/testdata/reviews/sparkapplication-80-settings.json");
  ReviewReader reader;
  const auto read = reader.Read(body);
  const auto* request = std::get_if<AdmissionRequest>(&read);
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(request->uid, "005ce7ed-3a57-46f6-a26f-f49c485a7757");
  EXPECT_EQ(request->api_version, "sparkoperator.k8s.io/v1beta2");
  EXPECT_EQ(request->kind, "SparkApplication");
  EXPECT_EQ(request->namespace_name, "default");
  EXPECT_EQ(request->name, "daily-sessions-enrichment");
  EXPECT_EQ(request->operation, "CREATE");
  EXPECT_EQ(request->sub_resource, "");
  EXPECT_EQ(request->user, "admin");
  EXPECT_FALSE(request->dry_run);
  EXPECT_EQ(request->object.At("/spec/executor/memory").string(), "28g");
  EXPECT_FALSE(request->old_object.is_object());
}

TEST(ReviewReader, ReadsARealUpdateAndACoreKind) {
  ReviewReader reader;
  std::string update = ReadFile(std::string(BALLAST_SOURCE_DIR) +
                                "/tests/testdata/reviews/sparkapplication-update-dryrun.json");
  auto read = reader.Read(update);
  ASSERT_TRUE(std::holds_alternative<AdmissionRequest>(read));
  EXPECT_EQ(std::get<AdmissionRequest>(read).operation, "UPDATE");
  EXPECT_TRUE(std::get<AdmissionRequest>(read).dry_run);
  EXPECT_TRUE(std::get<AdmissionRequest>(read).old_object.is_object());

  std::string pod = ReadFile(std::string(BALLAST_SOURCE_DIR) +
                             "/tests/testdata/reviews/pod-driver-4.3.0-create.json");
  read = reader.Read(pod);
  ASSERT_TRUE(std::holds_alternative<AdmissionRequest>(read));
  EXPECT_EQ(std::get<AdmissionRequest>(read).api_version, "v1");
}

struct BadCase {
  const char* name;
  std::string body;
  std::string where;
  std::string what;
  std::string uid;
};

TEST(ReviewReader, BadReviewsNameThePlaceAndTheRemedy) {
  const std::string invalid = "is not valid JSON; send JSON in UTF-8";
  const BadCase cases[] = {
      {"Empty", "", "byte 1", invalid, ""},
      {"NoJson", "hello", "byte 1", invalid, ""},
      {"Cut", R"({"kind":)", "byte 9", invalid, ""},
      {"TwoValues", "{} {}", "byte 4", invalid, ""},
      {"BadUtf8", "{\"kind\":\"\xff\"}", "byte 10", invalid, ""},
      {"Nul", std::string("{}\0{", 4), "byte 3", "is NUL, which JSON does not allow", ""},
      {"NumberTooLarge", R"({"a":1e999})", "byte 10", invalid, ""},
      {"Array", "[]", "", "must be an AdmissionReview object", ""},
      {"Kind", R"({"kind":"Pod","request":{"uid":"u"}})", "/kind", "must be AdmissionReview", "u"},
      {"Version", R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"})",
       "/apiVersion",
       "must be admission.k8s.io/v1; list v1 in admissionReviewVersions of the webhook "
       "configuration",
       ""},
      {"NoRequest", Review("null"), "/request", "must be an object", ""},
      {"NoUid", Review("{}"), "/request/uid", "must be a text that is not empty", ""},
      {"UidNumber", Review(R"({"uid":7})"), "/request/uid", "must be a text that is not empty", ""},
      {"NoKind", Review(R"({"uid":"u"})"), "/request/kind",
       "must have a group, a version and a kind", "u"},
      {"NoOperation", Review(R"({"uid":"u","kind":{"version":"v1","kind":"Pod"}})"),
       "/request/operation", "must be CREATE or UPDATE", "u"},
      {"ObjectText",
       Review(
           R"({"uid":"u","kind":{"version":"v1","kind":"Pod"},"operation":"CREATE","object":""})"),
       "/request/object", "must be an object", "u"},
      {"OldObjectArray",
       Review(
           R"({"uid":"u","kind":{"version":"v1","kind":"Pod"},"operation":"UPDATE","oldObject":[]})"),
       "/request/oldObject", "must be an object", "u"},
      {"TooDeep", Nested(257), "", "is nested deeper than 256 levels", ""},
      {"AMillionDeep", Nested(1'000'000), "", "holds more than 500000 values", ""},
      {"AMillionDeepAndCut", std::string(1'000'000, '['), "", "holds more than 500000 values", ""},
      {"ThousandsDeep", Nested(100'000), "", "is nested deeper than 256 levels", ""},
  };
  ReviewReader reader;
  for (const BadCase& test : cases) {
    std::string body = test.body;
    const auto read = reader.Read(body);
    const auto* bad = std::get_if<BadReview>(&read);
    ASSERT_NE(bad, nullptr) << test.name;
    EXPECT_EQ(bad->error.where, test.where) << test.name;
    EXPECT_EQ(bad->error.what, test.what) << test.name;
    EXPECT_EQ(bad->uid, test.uid) << test.name;
    EXPECT_EQ(body, test.body) << test.name;
  }
}

TEST(ReviewReader, BothReadersAgree) {
  std::vector<std::string> bodies = RealReviews();
  ASSERT_GE(bodies.size(), 7u);
  const std::string odd[] = {
      "",
      " ",
      "null",
      "true",
      "0",
      "-0",
      "-",
      "1.0",
      "1e3",
      "1E-3",
      "01",
      "1.",
      ".5",
      "+1",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775808",
      "18446744073709551615",
      "18446744073709551616",
      "-9223372036854775809",
      "123456789012345678901234567890",
      "0.1234567890123456789012345",
      "1e308",
      "1e309",
      "-1e309",
      "1e-400",
      "5e-324",
      "NaN",
      "Infinity",
      "\"\"",
      "\"\\u00e9\"",
      "\"\\ud83d\\udc0b\"",
      "\"\\ud800\"",
      "\"\\udc00\"",
      "\"\\ud800x\"",
      "\"\\ud800\\u0041\"",
      "\"\\u0000\"",
      "\"\\x\"",
      "\"\t\"",
      "\"\n\"",
      "\"\x01\"",
      "\"\x7f\"",
      "\"\xff\"",
      "\"\xC3\xA9\"",
      "\"\xED\xA0\x80\"",
      "\"\xC0\x80\"",
      "\"abc",
      R"({"a":1,"a":2})",
      R"({"a":{"b":1},"a":{"c":2}})",
      R"({"a":1,"a":null})",
      R"({"":1})",
      R"({"a":1,})",
      R"([1,])",
      R"({"a"})",
      R"({a:1})",
      "{'a':1}",
      "[1 2]",
      "// c\n1",
      "{}x",
      "{}\n",
      "\xEF\xBB\xBF{}",
      std::string("{}\0", 3),
      std::string("\"a\0b\"", 5),
      Nested(255),
      Nested(256),
      "[" + Nested(255) + ",1]",
      "[1," + Nested(256) + "]",
      Nested(257),
      Nested(2000),
      std::string(5000, '['),
      R"({"big":[1,18446744073709551616,-3e5]})",
      "[[[1,2],[3]],{\"x\":[{}]}]",
  };
  for (const std::string& text : odd) bodies.push_back(text);
  ReviewReader reader;
  for (std::string& body : bodies) {
    const auto fast = reader.ReadFast(body);
    const std::optional<json> fast_value = fast ? std::optional(fast->Copy()) : std::nullopt;
    const auto slow = reader.ReadSlow(body);
    // The slow one is the arbiter of what the fast one refuses; what both read must be equal.
    if (fast_value) {
      ASSERT_TRUE(slow.ok()) << body.substr(0, 60) << ": " << slow.error().what;
      EXPECT_EQ(*fast_value, slow->Copy()) << body.substr(0, 60);
    }
    if (!slow.ok()) {
      EXPECT_FALSE(fast_value) << body.substr(0, 60);
    }
  }
}

// A change of one byte anywhere must leave the readers of one mind too.
TEST(ReviewReader, BothReadersAgreeOnDamagedReviews) {
  ReviewReader reader;
  std::string body = ReadFile(std::string(BALLAST_SOURCE_DIR) +
                              "/tests/testdata/reviews/sparkapplication-create.json");
  const std::string bytes = std::string("\"{}[],:0e.\\\x80 \0", 14);
  for (size_t i = 0; i < body.size(); i += 7) {
    const char was = body[i];
    for (const char byte : bytes) {
      body[i] = byte;
      const auto fast = reader.ReadFast(body);
      const std::optional<json> fast_value = fast ? std::optional(fast->Copy()) : std::nullopt;
      const auto slow = reader.ReadSlow(body);
      if (fast_value) {
        ASSERT_TRUE(slow.ok()) << i << " " << byte;
        ASSERT_EQ(*fast_value, slow->Copy()) << i << " " << byte;
      }
    }
    body[i] = was;
  }
}

TEST(ReviewReader, TheLastOfEqualKeysCounts) {
  std::string body = Review(
      R"({"uid":"first","uid":"second","kind":{"version":"v1","kind":"Pod"},"operation":"CREATE"})");
  ReviewReader reader;
  auto read = reader.Read(body);
  ASSERT_TRUE(std::holds_alternative<AdmissionRequest>(read));
  EXPECT_EQ(std::get<AdmissionRequest>(read).uid, "second");
}

TEST(ReviewReader, AnIntegerBeyond64BitsIsReadByTheSlowReader) {
  std::string body =
      Review(R"({"uid":"u","kind":{"version":"v1","kind":"Pod"},"operation":"CREATE",)"
             R"("object":{"n":123456789012345678901234567890,"s":"x"}})");
  ReviewReader reader;
  EXPECT_FALSE(reader.ReadFast(body).has_value());
  auto read = reader.Read(body);
  ASSERT_TRUE(std::holds_alternative<AdmissionRequest>(read));
  EXPECT_EQ(std::get<AdmissionRequest>(read).object["s"].string(), "x");
}

TEST(ReviewReader, ALargeReviewIsReadAndForgotten) {
  std::string body = Review(
      R"({"uid":"u","kind":{"version":"v1","kind":"Pod"},"operation":"CREATE","object":{"s":")" +
      std::string(3 << 20, 'x') + R"("}})");
  ReviewReader reader;
  ASSERT_TRUE(std::holds_alternative<AdmissionRequest>(reader.Read(body)));
  reader.Release();
  std::string small =
      Review(R"({"uid":"v","kind":{"version":"v1","kind":"Pod"},"operation":"CREATE"})");
  auto read = reader.Read(small);
  ASSERT_TRUE(std::holds_alternative<AdmissionRequest>(read));
  EXPECT_EQ(std::get<AdmissionRequest>(read).uid, "v");
}

TEST(EncodeReview, AllowedUntouched) {
  AdmissionAnswer answer;
  answer.uid = "u-1";
  EXPECT_EQ(EncodeReview(answer), R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1",)"
                                  R"("response":{"uid":"u-1","allowed":true}})");
}

TEST(EncodeReview, AllowedWithEverything) {
  AdmissionAnswer answer;
  answer.uid = "u";
  answer.patch = {{"replace", "/spec/executor/memory", "28g"}};
  answer.warnings = {"kryo-buffer: \"too\" large", "second"};
  answer.audit_annotations = {{"rules", "kryo-buffer"}, {"user", "ann"}};
  const json review = k8s::ParseJson(EncodeReview(answer));
  const json& response = review.at("response");
  EXPECT_EQ(response.at("patchType"), "JSONPatch");
  // [{"op":"replace","path":"/spec/executor/memory","value":"28g"}]
  EXPECT_EQ(response.at("patch"),
            "W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9zcGVjL2V4ZWN1dG9yL21lbW9yeSIsInZhbHVlIjoiMjhnIn1d");
  EXPECT_EQ(response.at("warnings"), json({"kryo-buffer: \"too\" large", "second"}));
  EXPECT_EQ(response.at("auditAnnotations"), json({{"rules", "kryo-buffer"}, {"user", "ann"}}));
  EXPECT_FALSE(response.contains("status"));
}

TEST(EncodeReview, ARefusalCarriesNoPatch) {
  AdmissionAnswer answer;
  answer.uid = "u";
  answer.allowed = false;
  answer.code = 422;
  answer.message = "too large\nby far";
  answer.patch = {{"remove", "/spec", nullptr}};
  const json response = k8s::ParseJson(EncodeReview(answer)).at("response");
  EXPECT_EQ(response, k8s::ParseJson(R"({"uid":"u","allowed":false,
      "status":{"code":422,"message":"too large\nby far"}})"));
}

TEST(EncodeReview, ABadReviewWithAUidIsRefused) {
  const AdmissionAnswer answer = RefuseBadReview({{"/request/object", "must be an object"}, "u-7"});
  EXPECT_FALSE(answer.allowed);
  EXPECT_EQ(answer.uid, "u-7");
  EXPECT_EQ(answer.code, 400);
  EXPECT_EQ(answer.message,
            "ballast: the AdmissionReview could not be read: /request/object: must be an object");
}

}  // namespace
}  // namespace ballast::webhook
