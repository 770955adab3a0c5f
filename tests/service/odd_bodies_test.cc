// Bodies that are no review: a clean 400, or a refused review where it has a uid; never a crash.
#include <gtest/gtest.h>

#include <string>

#include "tests/service/running_service.h"

namespace ballast::service_test {
namespace {

using fakes::Get;
using fakes::Post;

std::string Repeat(const std::string& text, size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

// A review whose object has this in its spec.
std::string ReviewWith(const std::string& spec) {
  std::string review = OrdinaryReview();
  const std::string at = "\"spec\":{";
  return review.replace(review.find(at), at.size(), at + spec + ",");
}

TEST(OddBodies, AreRefusedCleanly) {
  RunningService service;
  const struct {
    const char* name;
    std::string body;
  } rows[] = {
      {"Nothing", ""},
      {"Half", OrdinaryReview().substr(0, 300)},
      {"NotJson", "hello"},
      {"InvalidUtf8", ReviewWith("\"x\":\"\xff\xfe\"")},
      {"ThreeHundredLevels", Repeat("[", 300) + Repeat("]", 300)},
      {"AMillionLevels", Repeat("[", 1'000'000) + Repeat("]", 1'000'000)},
      {"AMillionObjects", Repeat("{\"a\":", 1'000'000)},
      {"DeepInAReview", ReviewWith("\"x\":" + Repeat("[", 300) + Repeat("]", 300))},
      {"AnArray", "[1,2,3]"},
      {"ANumber", "1"},
      {"AHugeExponent", "1e999999999"},
      {"NoNumberAtAll", ReviewWith("\"x\":-1e400")},
      {"NullBytes", std::string(1000, '\0')},
      {"AnotherKind", R"({"apiVersion":"v1","kind":"Pod"})"},
      {"NoRequest", R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"})"},
  };
  for (const auto& row : rows) {
    for (const char* path : {"/mutate", "/validate"}) {
      const auto answer = service.Ask(Post(path, row.body));
      ASSERT_TRUE(answer.has_value()) << row.name;
      const bool refused_review =
          answer->status == 200 && answer->body.find("\"allowed\":false") != std::string::npos;
      EXPECT_TRUE(answer->status == 400 || refused_review) << row.name << ": " << answer->body;
    }
  }
  EXPECT_EQ(service.Ask(Get("/healthz"))->status, 200);
}

TEST(OddBodies, OddNumbersAndDuplicateKeysAreAnswered) {
  RunningService service;
  for (const char* spec : {
           "\"x\":123456789012345678901234567890",
           "\"x\":1e-400",
           "\"driver\":{\"cores\":99999999999999999999}",
           "\"executor\":{\"instances\":9223372036854775807,\"memory\":\"9223372036854775807g\"}",
           "\"executor\":{\"memory\":\"1g\"},\"executor\":{\"memory\":\"2g\"}",
           "\"driver\":null",
           "\"driver\":[]",
           "\"sparkConf\":{\"spark.executor.memory\":5}",
       }) {
    const auto answer = service.Ask(Post("/mutate", ReviewWith(spec)));
    ASSERT_TRUE(answer.has_value()) << spec;
    EXPECT_EQ(answer->status, 200) << spec;
    EXPECT_NE(answer->body.find("7f0b2891-916f-4ed6-b7cd-27bff1815a8c"), std::string::npos) << spec;
  }
}

TEST(OddBodies, AnUnknownKindIsAllowedAndCounted) {
  RunningService service;
  std::string review = OrdinaryReview();
  const std::string kind = "\"kind\":\"SparkApplication\"";
  for (size_t at = 0; (at = review.find(kind)) != std::string::npos;) {
    review.replace(at, kind.size(), "\"kind\":\"Unheard\"");
  }
  const auto answer = service.Ask(Post("/validate?timeout=10s", review));
  ASSERT_TRUE(answer.has_value());
  EXPECT_NE(answer->body.find("\"allowed\":true"), std::string::npos) << answer->body;
  const std::string metrics = service.Ask(Get("/metrics"))->body;
  EXPECT_NE(metrics.find("ballast_admission_requests_total{dry_run=\"false\",kind=\"other\","
                         "operation=\"CREATE\",verdict=\"Ignored\"} 1"),
            std::string::npos)
      << metrics;
}

TEST(OddBodies, PathsAndMethods) {
  RunningService service({"--metrics-listen", "127.0.0.1:0"});
  fakes::ClientOptions metrics = service.plain;
  metrics.port = service.program->Port("listening for metrics");
  EXPECT_EQ(service.Ask(Post("/nothing", "{}"))->status, 404);
  EXPECT_EQ(service.Ask(Get("/mutate"))->status, 405);
  EXPECT_EQ(service.Ask(Post("/readyz", ""))->status, 405);
  EXPECT_EQ(service.Ask(Get("/healthz?verbose"))->status, 200);
  EXPECT_EQ(service.Ask(Get("/readyz"))->status, 200);
  EXPECT_EQ(fakes::Ask(metrics, Get("/metrics"))->status, 200);
  EXPECT_EQ(fakes::Ask(metrics, Get("/readyz"))->status, 200);
  EXPECT_EQ(fakes::Ask(metrics, Post("/mutate", OrdinaryReview()))->status, 404);
}

}  // namespace
}  // namespace ballast::service_test
