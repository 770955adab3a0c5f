#include "policy/right_size.h"

#include <algorithm>
#include <utility>

#include "policy/print_value.h"

namespace ballast::policy {
namespace {

// Less than a tenth is not worth a change: the next run differs as much.
constexpr int64_t kWorthPercent = 10;
constexpr int64_t kMarginPercent = 20;
constexpr int64_t kRunsForHigh = 10;
constexpr int64_t kRunsForMedium = 3;

ByteSize Percent(ByteSize size, int64_t percent) {
  return Bytes(MultiplyDivideCeil(size.bytes(), percent, 100));
}

// What the runs say together.
struct History {
  std::vector<ByteSize> used;  // in order of size
  std::string largest_run;
  ByteSize asked;         // by the last run
  ByteSize ran_out_with;  // the most that was not enough; zero: it always was
  ByteSize enough_above;  // the least above that with which a run went well; zero: none did
  int64_t whole_and_well = 0;
};

History Read(std::span<const SizeUse> uses) {
  History history;
  ByteSize most;
  for (const SizeUse& use : uses) {
    if (use.used <= ByteSize()) continue;
    history.used.push_back(use.used);
    history.asked = use.asked;
    if (use.used > most) {
      most = use.used;
      history.largest_run = use.run;
    }
    if (use.ran_out) history.ran_out_with = std::max(history.ran_out_with, use.asked);
    if (!use.ran_out && use.whole) ++history.whole_and_well;
  }
  for (const SizeUse& use : uses) {
    if (history.ran_out_with == ByteSize()) break;
    if (use.used <= ByteSize() || use.ran_out || use.asked <= history.ran_out_with) continue;
    if (history.enough_above == ByteSize() || use.asked < history.enough_above) {
      history.enough_above = use.asked;
    }
  }
  std::sort(history.used.begin(), history.used.end());
  return history;
}

ByteSize RankP95(const std::vector<ByteSize>& sorted) {
  const size_t rank = (sorted.size() * 95 + 99) / 100;  // from 1
  return sorted[rank - 1];
}

// Many runs that used about the same are worth more than as many that differ.
Confidence ConfidenceOf(const History& history, ByteSize p95, ByteSize most) {
  const bool unknown_need = history.ran_out_with > ByteSize() && history.enough_above == ByteSize();
  if (unknown_need || history.whole_and_well < kRunsForMedium) return Confidence::kLow;
  const bool steady = most <= Percent(p95, 125) && most <= Percent(history.used.front(), 200);
  return steady && history.whole_and_well >= kRunsForHigh ? Confidence::kHigh : Confidence::kMedium;
}

std::string Runs(int64_t runs) {
  return runs == 1 ? "the one run" : "the " + std::to_string(runs) + " runs";
}

std::string Peaks(const RightSize& size) {
  std::string text = "the most of " + Runs(size.runs) + " was " + DescribeSize(size.most);
  if (size.p95 != size.most) text += ", of 95 % of them " + DescribeSize(size.p95);
  return text;
}

bool IsWorthIt(ByteSize from, ByteSize to) {
  const ByteSize difference = from > to ? from - to : to - from;
  return difference >= Percent(from, kWorthPercent);
}

}  // namespace

std::string_view Name(Confidence confidence) {
  switch (confidence) {
    case Confidence::kLow:
      return "low";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kHigh:
      return "high";
  }
  return "";
}

ByteSize NeatlyAbove(ByteSize size) {
  const int64_t step = size > Gibibytes(4) - Mebibytes(256) ? 1024 : 256;
  const int64_t mebibytes = size.mebibytes_ceil();
  return Mebibytes((mebibytes / step + (mebibytes % step == 0 ? 0 : 1)) * step);
}

std::optional<RightSize> SizeFromHistory(std::span<const SizeUse> uses, ByteSize least) {
  const History history = Read(uses);
  if (history.used.empty()) return std::nullopt;
  RightSize size;
  size.runs = static_cast<int64_t>(history.used.size());
  size.p95 = RankP95(history.used);
  size.most = history.used.back();
  size.largest_run = history.largest_run;
  size.asked = history.asked;
  size.confidence = ConfidenceOf(history, size.p95, size.most);

  if (history.ran_out_with > ByteSize() && history.enough_above == ByteSize()) {
    size.proposed = std::max(NeatlyAbove(Percent(history.ran_out_with, 150)), size.asked);
    size.why = DescribeSize(history.ran_out_with) +
               " was not enough, and no run with more says how much is: half as much again";
    return size;
  }
  const ByteSize peak = NeatlyAbove(Percent(size.most, 100 + kMarginPercent));
  // What ran out is never proposed again, whatever was seen of it before it died.
  const ByteSize wanted = std::max({peak, least, history.enough_above});
  if (history.ran_out_with > ByteSize() && size.asked <= history.ran_out_with) {
    size.proposed = wanted;
    size.why = DescribeSize(history.ran_out_with) + " was not enough, and " +
               DescribeSize(history.enough_above) + " was; " + Peaks(size);
  } else if (wanted >= size.asked || !IsWorthIt(size.asked, wanted)) {
    size.proposed = size.asked;
    size.why = Peaks(size) + ": what is asked for fits";
  } else {
    size.proposed = wanted;
    size.why = Peaks(size) + (wanted == peak ? "; that and 20 %" : "; less is not proposed");
  }
  return size;
}

}  // namespace ballast::policy
