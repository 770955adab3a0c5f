// Spark's own grammars: sizes, times, numbers. What is read stays in the unit's range, a printed
// size or time is read back by Spark's reader as the same, and 32 and 64 bits agree.
#include "policy/java_number.h"
#include "policy/spark_size.h"
#include "policy/units.h"
#include "tests/fuzz/fuzz.h"

using namespace ballast::policy;  // NOLINT(google-build-using-namespace): every line is about it

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = ballast::fuzz::AsText(data, size);
  const SparkVersion version = kNewestSpark;
  const auto mebibytes = ByteStringAs(text, ByteUnit::kMiB, version);
  if (mebibytes.ok()) {
    FUZZ_LAW(*mebibytes >= 0);
    if (*mebibytes < (int64_t{1} << 40)) {
      const auto again =
          ByteStringAs(PrintSparkSize(Mebibytes(*mebibytes)), ByteUnit::kMiB, version);
      FUZZ_LAW(again.ok());
      FUZZ_LAW(*again == *mebibytes);
    }
  } else {
    FUZZ_LAW(!mebibytes.error().what.empty());
  }
  const auto millis = TimeStringAs(text, TimeUnit::kMillis);
  if (millis.ok() && *millis >= 0) {
    const auto again = TimeStringAs(PrintSparkTime(*millis), TimeUnit::kMillis);
    FUZZ_LAW(again.ok());
    FUZZ_LAW(*again == *millis);
  }
  const auto narrow = JavaInt(text);
  const auto wide = JavaLong(text);
  if (narrow.ok()) {
    FUZZ_LAW(wide.ok());
    FUZZ_LAW(*wide == *narrow);
  }
  static_cast<void>(BytesConf(text, ByteUnit::kByte, version));
  static_cast<void>(JavaDouble(text));
  static_cast<void>(JavaBoolean(text));
  return 0;
}
