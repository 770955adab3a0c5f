#include "k8s/json_view.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/kinds/kind.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

constexpr const char* kDocument =
    R"({"text":"a","whole":-7,"huge":18446744073709551615,"real":1.5,"point":4.0,"power":1e3,"huge real":1e19,
        "minus":-2.0,"yes":true,"no":null,
        "list":[1,{"x":2}],"a/b~c":{"d":"e"},"twice":1,"twice":2})";

// Both readers show the same values.
class JsonViewOf : public testing::TestWithParam<bool> {
 protected:
  JsonView view() const { return GetParam() ? simd_.view() : JsonView(nlohmann_); }

  ReadDocument simd_{kDocument};
  nlohmann::json nlohmann_ = ParseJson(kDocument);
};

TEST_P(JsonViewOf, Values) {
  EXPECT_EQ(view()["text"].string(), "a");
  EXPECT_EQ(view()["whole"].integer(), -7);
  EXPECT_EQ(view()["huge"].integer(), std::nullopt);
  EXPECT_EQ(view()["real"].integer(), std::nullopt);
  EXPECT_EQ(view()["real"].number(), 1.5);
  EXPECT_EQ(view()["whole"].whole(), -7);
  EXPECT_EQ(view()["point"].integer(), std::nullopt);
  EXPECT_EQ(view()["point"].whole(), 4);
  EXPECT_EQ(view()["power"].whole(), 1000);
  EXPECT_EQ(view()["minus"].whole(), -2);
  EXPECT_EQ(view()["real"].whole(), std::nullopt);
  EXPECT_EQ(view()["huge real"].whole(), std::nullopt);
  EXPECT_EQ(view()["text"].whole(), std::nullopt);
  EXPECT_EQ(view()["whole"].number(), -7);
  EXPECT_EQ(view()["yes"].boolean(), true);
  EXPECT_TRUE(view()["no"].is_null());
  EXPECT_TRUE(view()["no"].exists());
  EXPECT_FALSE(view()["none"].exists());
  EXPECT_EQ(view()["twice"].integer(), 2);
}

TEST_P(JsonViewOf, Pointers) {
  EXPECT_EQ(view().At("/a~1b~0c/d").string(), "e");
  EXPECT_EQ(view().At("/list/1/x").integer(), 2);
  EXPECT_FALSE(view().At("/list/2").exists());
  EXPECT_FALSE(view().At("/text/x").exists());
  EXPECT_TRUE(view().At("").is_object());
}

TEST_P(JsonViewOf, CopiesWhatItShows) { EXPECT_EQ(view().Copy(), nlohmann_); }

TEST_P(JsonViewOf, AnOverlayShowsItsMembersInTheirPlaces) {
  const Patch patch = {{"replace", "/text", "b"},    {"add", "/new", 1},
                       {"add", "/a~1b~0c/f", "g"},   {"replace", "/list", nlohmann::json::object()},
                       {"add", "/list/made", true},  {"remove", "/whole", nullptr},
                       {"add", "/gone~0again", "h"}, {"remove", "/gone~0again", nullptr}};
  Overlay overlay;
  for (const PatchOperation& operation : patch) {
    EXPECT_TRUE(overlay.Apply(view(), operation)) << operation.path;
  }
  nlohmann::json want = nlohmann_;
  want["text"] = "b";
  want["new"] = 1;
  want["a/b~c"]["f"] = "g";
  want["list"] = {{"made", true}};
  want.erase("whole");
  const JsonView shown(view(), overlay);
  EXPECT_EQ(shown.Copy(), want);
  EXPECT_EQ(shown.At("/a~1b~0c/d").string(), "e");
  EXPECT_EQ(shown.At("/a~1b~0c/f").string(), "g");
  EXPECT_FALSE(shown["whole"].exists());
  EXPECT_EQ(shown["text"].string(), "b");
  EXPECT_TRUE(shown.is_object());
}

TEST_P(JsonViewOf, AnOverlayTakesOnlyWhatApplies) {
  for (const PatchOperation& operation :
       {PatchOperation{"remove", "/none", nullptr}, PatchOperation{"replace", "/none", 1},
        PatchOperation{"add", "/none/x", 1}, PatchOperation{"add", "/text/x", 1},
        PatchOperation{"add", "/list/x", 1}}) {
    Overlay overlay;
    EXPECT_FALSE(overlay.Apply(view(), operation)) << operation.op << " " << operation.path;
  }
  const PatchOperation removed{"remove", "/text", nullptr};
  Overlay overlay;
  EXPECT_TRUE(overlay.Apply(view(), removed));
  EXPECT_FALSE(overlay.Apply(view(), removed));
}

INSTANTIATE_TEST_SUITE_P(Readers, JsonViewOf, testing::Bool(),
                         [](const auto& row) { return row.param ? "Simdjson" : "Nlohmann"; });

}  // namespace
}  // namespace ballast::k8s
