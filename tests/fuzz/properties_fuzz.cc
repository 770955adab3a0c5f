// Java properties: a file that nobody changed prints byte for byte as it was, a changed key changes
// nothing else, and what is set is what is read.
#include <string>

#include "k8s/properties.h"
#include "tests/fuzz/fuzz.h"

using ballast::k8s::PrintProperty;
using ballast::k8s::Properties;

namespace {

// A key and a value that make the most of escapes: the two halves of the input.
void CheckProperty(std::string_view key, std::string_view value) {
  const auto read = Properties::Parse(PrintProperty(key, value));
  FUZZ_LAW(read.ok());
  // Spark trims what it reads, and so does the reader; what is inside has to come through.
  const auto again = Properties::Parse(PrintProperty(key, read->Get(key).value_or("")));
  FUZZ_LAW(again.ok());
  FUZZ_LAW(again->Get(key) == read->Get(key));
}

// But for the empty key, which no setting has: a backslash at the very end of a file is one, until
// a line is added behind it.
ballast::policy::SparkConf ConfOf(const Properties& properties) {
  auto conf = properties.ToConf();
  conf.Remove("");
  return conf;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = ballast::fuzz::AsText(data, size);
  CheckProperty(text.substr(0, text.size() / 2), text.substr(text.size() / 2));

  auto properties = Properties::Parse(text);
  if (!properties.ok()) {
    FUZZ_LAW(!properties.error().what.empty());
    return 0;
  }
  FUZZ_LAW(properties->Print() == text);

  // Another value of one key is all that changes, the same once more changes nothing, and without
  // the key all others are as they were.
  constexpr const char* kKey = "spark.executor.memory";
  auto conf = ConfOf(*properties);
  conf.Set(kKey, "28g");
  properties->Set(kKey, "28g");
  auto again = Properties::Parse(properties->Print());
  FUZZ_LAW(again.ok());
  FUZZ_LAW(ConfOf(*again) == conf);
  again->Set(kKey, "28g");
  FUZZ_LAW(again->Print() == properties->Print());
  conf.Remove(kKey);
  again->Remove(kKey);
  const auto without = Properties::Parse(again->Print());
  FUZZ_LAW(without.ok());
  FUZZ_LAW(ConfOf(*without) == conf);
  return 0;
}
