#include "webhook/page/form.h"

#include <gtest/gtest.h>

namespace ballast::webhook {
namespace {

TEST(Form, FindsAndDecodesAField) {
  EXPECT_EQ(FormField("manifest=a%3A+b%0Ac", "manifest"), "a: b\nc");
  EXPECT_EQ(FormField("x=1&manifest=2&manifest=3", "manifest"), "2");
  EXPECT_EQ(FormField("man%69fest=1", "manifest"), "1");
  EXPECT_EQ(FormField("manifest=", "manifest"), "");
  EXPECT_EQ(FormField("manifest", "manifest"), "");
  EXPECT_EQ(FormField("", "manifest"), std::nullopt);
  EXPECT_EQ(FormField("manifests=1", "manifest"), std::nullopt);
}

TEST(Form, APercentWithoutDigitsStandsForItself) {
  EXPECT_EQ(FormField("m=100%", "m"), "100%");
  EXPECT_EQ(FormField("m=%4", "m"), "%4");
  EXPECT_EQ(FormField("m=%41", "m"), "A");
  EXPECT_EQ(FormField("m=%zz%", "m"), "%zz%");
  EXPECT_EQ(FormField("m=%%41", "m"), "%A");
}

}  // namespace
}  // namespace ballast::webhook
