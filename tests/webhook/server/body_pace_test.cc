#include "webhook/server/body_pace.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace ballast::webhook {
namespace {

using namespace std::chrono_literals;

// Grace of 10 s, 1 KiB/s after it, 30 s in all.
struct PaceCase {
  const char* name;
  size_t bytes;                     // come at once,
  std::chrono::milliseconds every;  // so often from the beginning on
  int times;
  std::chrono::milliseconds ends;  // after the beginning, with nothing more to come
};

TEST(BodyPace, EndsABodyThatComesTooSlowly) {
  for (const PaceCase& row : {
           PaceCase{"Nothing", 0, 0ms, 0, 10000ms},
           PaceCase{"AFewBytes", 5000, 0ms, 1, 10000ms},
           // Sent at once it pays for no more than the grace.
           PaceCase{"NearlyAll", size_t{7} << 20, 0ms, 1, 10000ms},
           PaceCase{"AllTheRateAllTheTime", 1024, 1000ms, 15, 14000ms + 10000ms},
           PaceCase{"HalfTheRate", 512, 1000ms, 15, 10000ms + 14 * 500ms},
           PaceCase{"InBursts", 9 * 1024, 9000ms, 3, 18000ms + 10000ms},
           PaceCase{"ToTheEnd", 4096, 1000ms, 29, 30000ms},
       }) {
    const Clock::time_point begin;
    BodyPace pace;
    pace.Begin({}, begin);
    for (int i = 0; i < row.times; ++i) {
      const Clock::time_point now = begin + i * row.every;
      EXPECT_LT(now, pace.deadline()) << row.name << " " << i;
      pace.Added(row.bytes, now);
    }
    EXPECT_EQ(pace.deadline() - begin, row.ends) << row.name;
  }
}

TEST(BodyPace, OneByteASecondEndsWithTheGrace) {
  const Clock::time_point begin;
  BodyPace pace;
  pace.Begin({}, begin);
  for (Clock::time_point now = begin; now < pace.deadline(); now += 1s) {
    ASSERT_LT(now - begin, 11s);
    pace.Added(1, now);
  }
  EXPECT_LT(pace.deadline() - begin, 10100ms);
}

TEST(BodyPace, AfterALargeBeginningOneByteNowAndThenIsTooSlow) {
  const Clock::time_point begin;
  BodyPace pace;
  pace.Begin({}, begin);
  pace.Added(size_t{7} << 20, begin);
  for (Clock::time_point now = begin; now < pace.deadline(); now += 9s) {
    ASSERT_LT(now - begin, 20s);
    pace.Added(1, now);
  }
  EXPECT_LT(pace.deadline() - begin, 10100ms);
}

}  // namespace
}  // namespace ballast::webhook
