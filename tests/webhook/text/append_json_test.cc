#include "webhook/text/append_json.h"

#include <gtest/gtest.h>

#include <random>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

struct StringCase {
  const char* name;
  std::string text;
  const char* want;
};

TEST(JsonText, Strings) {
  const StringCase cases[] = {
      {"Empty", "", R"("")"},
      {"Plain", "spark.executor.memory", R"("spark.executor.memory")"},
      {"QuoteAndBackslash", "a\"b\\c", R"("a\"b\\c")"},
      {"NewlineAndTab", "a\n\tb", R"("a\n\tb")"},
      {"OtherControl", std::string("\x01\x1f\0", 3), R"("\u0001\u001f\u0000")"},
      {"Delete", "\x7f", "\"\x7f\""},
      {"TwoBytes", "é", "\"é\""},
      {"FourBytes", "\xF0\x9F\x90\x8B", "\"\xF0\x9F\x90\x8B\""},
      {"LoneContinuation", "a\x80z", "\"a\xEF\xBF\xBDz\""},
      {"CutSequence", "a\xE2\x82", "\"a\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"Overlong", "\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"Surrogate", "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (const StringCase& test : cases) {
    std::string out;
    AppendJsonString(out, test.text);
    EXPECT_EQ(out, test.want) << test.name;
  }
}

TEST(JsonText, AnyBytesAreReadBackAsJson) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 20, ' ');
    for (char& c : text) c = static_cast<char>(random());
    std::string out;
    AppendJsonString(out, text);
    ASSERT_FALSE(k8s::ParseJson(out).is_discarded()) << out;
  }
}

TEST(JsonText, ValuesAreReadBackEqual) {
  const json value =
      k8s::ParseJson(R"({"a":[1,-2,3.5,true,null,"x\"y"],"b":{"c":18446744073709551615}})");
  std::string out;
  AppendJson(out, value);
  EXPECT_EQ(k8s::ParseJson(out), value);
  out.clear();
  AppendJson(out, k8s::JsonView(value));
  EXPECT_EQ(k8s::ParseJson(out), value);
}

TEST(JsonText, Patch) {
  std::string out;
  AppendPatch(out, {{"add", "/a/b~1c", "1g"}, {"replace", "/n", 4}, {"remove", "/x", nullptr}});
  EXPECT_EQ(out,
            R"([{"op":"add","path":"/a/b~1c","value":"1g"},{"op":"replace","path":"/n","value":4},)"
            R"({"op":"remove","path":"/x"}])");
  out.clear();
  AppendPatch(out, {});
  EXPECT_EQ(out, "[]");
}

TEST(JsonText, Base64) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xff\xfe\xfd", "//79"},
  };
  for (const auto& [bytes, want] : cases) {
    std::string out = "x";
    AppendBase64(out, bytes);
    EXPECT_EQ(out, std::string("x") + want);
  }
}

}  // namespace
}  // namespace ballast::webhook
