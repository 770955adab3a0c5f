#include "webhook/diagnose/java_options.h"

#include <gtest/gtest.h>

#include <string>

namespace ballast::webhook {
namespace {

TEST(JavaOptions, OfSparkAreNotTheUsers) {
  const std::string own =
      "-Djava.net.preferIPv6Addresses=false -XX:+IgnoreUnrecognizedVMOptions "
      "--add-opens=java.base/java.lang=ALL-UNNAMED -Djdk.reflect.useDirectMethodHandle=false";
  EXPECT_EQ(WithoutSparksOwn(own), "");
  EXPECT_EQ(WithoutSparksOwn(own + " -Xss8m  -Da='b  c'"), "-Xss8m  -Da='b  c'");
  // The same again, behind the user's, is the user's.
  EXPECT_EQ(WithoutSparksOwn("-Xss8m " + own), "-Xss8m " + own);
  EXPECT_EQ(WithoutSparksOwn("--add-opens=java.base/java.lang.ref=ALL-UNNAMED"),
            "--add-opens=java.base/java.lang.ref=ALL-UNNAMED");
  EXPECT_EQ(WithoutSparksOwn(""), "");
}

}  // namespace
}  // namespace ballast::webhook
