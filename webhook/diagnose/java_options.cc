#include "webhook/diagnose/java_options.h"

#include <algorithm>
#include <array>

namespace ballast::webhook {
namespace {

// Source: launcher's JavaModuleOptions and SparkContext.supplementJavaModuleOptions of Spark 3.3 to
// 4.3, all together.
constexpr std::array<std::string_view, 25> kSparksOwn = {
    "-Djava.net.preferIPv6Addresses=false",
    "-Djava.net.preferIPv6Addresses=true",
    "-XX:+IgnoreUnrecognizedVMOptions",
    "--add-modules=jdk.incubator.vector",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.net=ALL-UNNAMED",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
    "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
    "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
    "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
    "-Djdk.reflect.useDirectMethodHandle=false",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
};

}  // namespace

std::string_view WithoutSparksOwn(std::string_view options) {
  while (!options.empty()) {
    const size_t end = std::min(options.find(' '), options.size());
    const std::string_view first = options.substr(0, end);
    if (!first.empty() &&
        std::find(kSparksOwn.begin(), kSparksOwn.end(), first) == kSparksOwn.end()) {
      break;
    }
    options.remove_prefix(std::min(end + 1, options.size()));
  }
  return options;
}

}  // namespace ballast::webhook
