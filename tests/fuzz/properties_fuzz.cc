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

  const auto conf = properties->ToConf();
  properties->Set("spark.executor.memory", "28g");
  FUZZ_LAW(properties->Get("spark.executor.memory") == "28g");
  const auto again = Properties::Parse(properties->Print());
  FUZZ_LAW(again.ok());
  FUZZ_LAW(again->Get("spark.executor.memory") == "28g");
  return 0;
}
