// Compressed logs: whole, cut anywhere, damaged anywhere, one in the other.
#include "webhook/diagnose/codecs.h"

#include <gtest/gtest.h>
#include <lz4.h>
#include <snappy.h>
#include <xxhash.h>
#include <zstd.h>

#include <cstring>
#include <ostream>
#include <thread>

#include "webhook/diagnose/line_reader.h"
#include "webhook/diagnose/read_application.h"

namespace ballast::webhook {
namespace {

ReadBytes Of(std::string bytes) {
  auto state = std::make_shared<std::pair<std::string, size_t>>(std::move(bytes), 0);
  return [state](std::span<char> into) -> ReadOutcome {
    const size_t size = std::min(into.size(), state->first.size() - state->second);
    std::memcpy(into.data(), state->first.data() + state->second, size);
    state->second += size;
    return {.bytes = size};
  };
}

struct Unpacked {
  std::string bytes;
  ReadOutcome end;
};

Unpacked Unpack(const std::string& packed) {
  const ReadBytes read = Decompressed(Of(packed));
  Unpacked unpacked;
  std::string piece(1000, '\0');
  while ((unpacked.end = read(piece)).bytes > 0)
    unpacked.bytes.append(piece, 0, unpacked.end.bytes);
  return unpacked;
}

void AppendLittle(std::string& out, uint32_t number) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(number >> (8 * i));
}
void AppendBig(std::string& out, uint32_t number) {
  for (int i = 3; i >= 0; --i) out += static_cast<char>(number >> (8 * i));
}

constexpr size_t kBlock = 500;

std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

// As LZ4BlockOutputStream writes it: every second block is not worth compressing.
std::string Lz4(const std::string& text) {
  std::string packed;
  for (size_t at = 0; at <= text.size(); at += kBlock) {
    const std::string block = text.substr(at, kBlock);
    std::string data(1000, '\0');
    data.resize(static_cast<size_t>(
        LZ4_compress_default(block.data(), data.data(), static_cast<int>(block.size()), 1000)));
    const bool raw = at / kBlock % 2 == 1 || block.empty();
    if (raw) data = block;
    packed += "LZ4Block";
    packed += static_cast<char>(raw ? 0x15 : 0x25);
    AppendLittle(packed, static_cast<uint32_t>(data.size()));
    AppendLittle(packed, static_cast<uint32_t>(block.size()));
    AppendLittle(packed, XXH32(block.data(), block.size(), 0x9747b28c) & 0x0FFFFFFF);
    packed += data;
  }
  return packed;
}

std::string Snappy(const std::string& text) {
  std::string packed("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);
  for (size_t at = 0; at < text.size(); at += kBlock) {
    std::string data;
    snappy::Compress(text.data() + at, std::min(kBlock, text.size() - at), &data);
    AppendBig(packed, static_cast<uint32_t>(data.size()));
    packed += data;
  }
  return packed;
}

std::string Lzf(const std::string& text) {
  std::string packed;
  for (size_t at = 0; at < text.size(); at += kBlock) {
    const std::string block = text.substr(at, kBlock);
    packed += std::string("ZV\0", 3);
    packed += static_cast<char>(block.size() >> 8);
    packed += static_cast<char>(block.size());
    packed += block;
  }
  return packed;
}

std::string Text() {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i * i * i) + " of a log\n";
  return text;
}

struct Codec {
  std::string name;
  std::string (*pack)(const std::string& text);
};
void PrintTo(const Codec& codec, std::ostream* out) { *out << codec.name; }

class Codecs : public testing::TestWithParam<Codec> {};

TEST_P(Codecs, GiveBackTheText) {
  const Unpacked got = Unpack(GetParam().pack(Text()));
  EXPECT_EQ(got.bytes, Text());
  EXPECT_EQ(got.end.damage, "");
}

TEST_P(Codecs, ReadSeveralStreamsAsOne) {
  const std::string once = GetParam().pack(Text());
  const Unpacked got = Unpack(once + once);
  EXPECT_EQ(got.bytes, Text() + Text());
  EXPECT_EQ(got.end.damage, "");
}

TEST_P(Codecs, AreReadThroughZstd) {
  EXPECT_EQ(Unpack(Zstd(GetParam().pack(Text()))).bytes, Text());
}

TEST_P(Codecs, GoAsFarAsACutFileGoes) {
  const std::string whole = GetParam().pack(Text());
  for (size_t size = 9; size < whole.size(); ++size) {
    const Unpacked got = Unpack(whole.substr(0, size));
    ASSERT_TRUE(Text().starts_with(got.bytes)) << size;
    ASSERT_EQ(got.end.cut, !got.end.damage.empty()) << size << got.end.damage;
  }
}

TEST_P(Codecs, EndWhereABitIsWrong) {
  const std::string whole = GetParam().pack(Text());
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string wrong = whole;
    wrong[at] = static_cast<char>(wrong[at] ^ 0x55);
    EXPECT_LE(Unpack(wrong).bytes.size(), 64 * Text().size()) << at;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Codecs,
                         testing::Values(Codec{"Zstd", Zstd}, Codec{"Lz4", Lz4},
                                         Codec{"Snappy", Snappy}, Codec{"Lzf", Lzf}),
                         [](const auto& tested) { return tested.param.name; });

// As a writer makes it that does not know how much will come, with a window of 1 << `window`.
std::string ZstdWithWindow(const std::string& text, int window) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window);
  std::string packed(ZSTD_compressBound(text.size()) + 100, '\0');
  ZSTD_outBuffer out = {packed.data(), packed.size(), 0};
  ZSTD_inBuffer in = {text.data(), text.size(), 0};
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush);
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
  ZSTD_freeCCtx(context);
  packed.resize(out.pos);
  return packed;
}

TEST(Zstd, WindowsHaveABound) {
  constexpr const char* kTooMuch = "zstd: Frame requires too much memory for decoding";
  for (const int window : {10, 19, 20, 23, 24, 27}) {
    const std::string packed = ZstdWithWindow(Text(), window);
    EXPECT_EQ(Unpack(packed).bytes, Text()) << window;
    EXPECT_EQ(Unpack(Zstd(Text()) + packed + packed).bytes, Text() + Text() + Text()) << window;
  }
  EXPECT_EQ(Unpack(ZstdWithWindow(Text(), 28)).end.damage, kTooMuch);
  // 128 MiB are for one layer, not for each.
  EXPECT_EQ(Unpack(ZstdWithWindow(ZstdWithWindow(Text(), 19), 27)).bytes, Text());
  EXPECT_EQ(Unpack(ZstdWithWindow(ZstdWithWindow(Text(), 27), 27)).end.damage, kTooMuch);
}

TEST(LargeMemory, IsHeldByOneAtATime) {
  std::vector<std::string> order;
  std::thread waiting;
  {
    LargeMemory small;
    LargeMemory large;
    EXPECT_TRUE(large.Take(LargeMemory::kFree + 1));
    EXPECT_TRUE(small.Take(LargeMemory::kFree));  // needs no turn
    EXPECT_TRUE(large.Take(LargeMemory::kMost - LargeMemory::kFree - 1));
    EXPECT_FALSE(large.Take(1));
    waiting = std::thread([&order] {
      LargeMemory next;
      EXPECT_TRUE(next.Take(LargeMemory::kFree + 1));
      order.push_back("the next");
    });
    std::this_thread::yield();
    order.push_back("the first");
  }
  waiting.join();
  EXPECT_EQ(order, (std::vector<std::string>{"the first", "the next"}));
}

TEST(Lz4, ALengthOfGigabytesIsNotBelieved) {
  std::string packed = "LZ4Block\x25";
  AppendLittle(packed, 0x7FFFFFFF);
  AppendLittle(packed, 0x7FFFFFFF);
  AppendLittle(packed, 0);
  EXPECT_EQ(Unpack(packed).end.damage, "lz4: the header of a block is broken");
}

std::vector<std::string> LinesOf(const std::string& text) {
  LineReader reader(Of(text));
  std::vector<std::string> lines;
  std::string_view line;
  while (reader.Next(line)) lines.emplace_back(line);
  EXPECT_EQ(reader.number(), static_cast<int64_t>(lines.size()) + reader.passed_over());
  return lines;
}

TEST(Lines, EndAnywhere) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(LinesOf(""), Lines());
  EXPECT_EQ(LinesOf("\n"), Lines{""});
  EXPECT_EQ(LinesOf("a\r\nb"), (Lines{"a", "b"}));
  // A block is 1 MiB: lines at its end, over its end and longer than it.
  for (const size_t size : {(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20}) {
    const std::string line(size, 'x');
    EXPECT_EQ(LinesOf(line + "\ny\n" + line), (Lines{line, "y", line}));
  }
}

TEST(Lines, OfOver8MiBArePassedOver) {
  const std::string most(LineReader::kMostLine, 'x');
  EXPECT_EQ(LinesOf(most + "\ny").size(), 2u);
  EXPECT_EQ(LinesOf(most + "x\ny"), (std::vector<std::string>{"y"}));
}

// What an event log says of its own state.
struct StateCase {
  std::string name;
  std::string bytes;
  bool in_progress;
  std::string unfinished;
  std::string damaged;
};
void PrintTo(const StateCase& row, std::ostream* out) { *out << row.name; }

constexpr const char* kStart =
    "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.9\"}\n";
constexpr const char* kEnd = "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":5}\n";

std::string Joined(std::vector<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

// A job's start, with so many values in it.
std::string JobOf(int values, const std::string& value) {
  std::string line = "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":1,\"Values\":[" + value;
  for (int i = 1; i < values; ++i) line += "," + value;
  return line + "]}\n";
}

const StateCase kStates[] = {
    {"Whole", Joined({kStart, kEnd}), false, "", ""},
    {"WithoutAnEnd", kStart, false, "has no end of the application", ""},
    {"InProgress", kStart, true, "Spark was still writing it (.inprogress)", ""},
    {"CutInALine", Joined({kStart, "{\"Event\":\"SparkLis"}), false, "is cut off in its middle",
     ""},
    {"ALineThatIsNoEvent", Joined({kStart, "{]\n", kEnd}), false, "", "line 2 is no event"},
    {"ALargeEvent", Joined({kStart, JobOf(200'000, "\"a value\""), kEnd}), false, "", ""},
    {"ALargeEventOfTinyValues", Joined({kStart, JobOf(1'000'000, "1"), kEnd}), false, "",
     "line 2 is no event"},
    {"ASmallEventOfTinyValues", Joined({kStart, JobOf(400'000, "1"), kEnd}), false, "", ""},
    {"AFrameThatIsCut", Zstd(Joined({kStart, kStart})).substr(0, 40), false,
     "is cut off in its middle", "after line 0: the zstd frame ends in its middle"},
    {"AFrameThatIsWritten", Zstd(Joined({kStart, kStart})).substr(0, 40), true,
     "Spark was still writing it (.inprogress)", ""},
    {"NoLog",
     std::string("\x7F"
                 "ELF\0\0\0",
                 7),
     false, "", "is neither text nor of a compression that Spark writes"},
    {"Empty", "", false, "", ""},
};

class LogState : public testing::TestWithParam<StateCase> {};

TEST_P(LogState, IsTold) {
  const StateCase& row = GetParam();
  const auto run = ReadApplication({.name = "app", .in_progress = row.in_progress}, Of(row.bytes));
  ASSERT_EQ(run.inputs.size(), 1u);
  EXPECT_EQ(run.inputs[0].unfinished, row.unfinished);
  EXPECT_EQ(run.inputs[0].damaged, row.damaged);
}

INSTANTIATE_TEST_SUITE_P(Rows, LogState, testing::ValuesIn(kStates),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ballast::webhook
