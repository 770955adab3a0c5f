#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "webhook/admission/record.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using Members = std::vector<std::pair<std::string_view, JsonView>>;

// These numbers and the way in which they are mixed stand in stored records: changing them would
// make every recorded decision be judged anew.
constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
constexpr uint64_t kTextSeed = 0xD6E8FEB86659FD93;
constexpr uint64_t kNumberSeed = 0xA0761D6478BD642F;
constexpr uint64_t kBooleanSeed = 0xE7037ED1A0B428DB;

uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ kMultiplier) * (b ^ kTextSeed);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t LittleEndian(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

// Of less than eight bytes.
uint64_t LittleEndian(std::string_view few) {
  uint64_t word = 0;
  for (size_t i = few.size(); i-- > 0;) word = word << 8 | static_cast<unsigned char>(few[i]);
  return word;
}

uint64_t HashText(uint64_t seed, std::string_view text) {
  uint64_t hash = seed ^ text.size();
  if (text.size() < 8) return Mix(hash, LittleEndian(text));
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  for (; end - at >= 8; at += 8) hash = Mix(hash, LittleEndian(at));
  // What is left is the end of the last eight bytes.
  const auto left = static_cast<size_t>(end - at);
  return Mix(hash, left == 0 ? 0 : LittleEndian(end - 8) >> (8 * (8 - left)));
}

// The sum over all leaves of a hash of where each is and what it is: no order, no containers.
uint64_t SumOfLeaves(JsonView value, uint64_t place) {
  // Texts first: nearly all leaves are.
  if (const auto text = value.string()) return HashText(place ^ kTextSeed, *text);
  uint64_t sum = 0;
  if (value.is_object()) {
    value.ForEachMember([&](std::string_view key, JsonView member) {
      sum += SumOfLeaves(member, HashText(place, key));
    });
  } else if (value.is_array()) {
    uint64_t index = 0;
    value.ForEachElement(
        [&](JsonView element) { sum += SumOfLeaves(element, Mix(place, ++index)); });
  } else if (const auto boolean = value.boolean()) {
    sum = Mix(place ^ kBooleanSeed, *boolean ? 2 : 1);
  } else if (const auto number = value.number()) {
    sum = Mix(place ^ kNumberSeed, std::bit_cast<uint64_t>(*number + 0.0));
  }
  return sum;
}

bool IsAsked(std::string_view member) {
  return member != "metadata" && member != "status" && member != "apiVersion" && member != "kind";
}

Members MembersOf(JsonView object) {
  Members members;
  members.reserve(16);
  object.ForEachMember(
      [&](std::string_view key, JsonView value) { members.emplace_back(key, value); });
  return members;
}

bool Same(JsonView a, JsonView b);

// In order of the keys; of equal keys only the last one, which is the one that counts.
void Order(Members& members) {
  std::ranges::stable_sort(members, {}, &Members::value_type::first);
  const auto same_key = [](const auto& one, const auto& next) { return one.first == next.first; };
  // unique keeps the first of equal ones, so it runs from the end.
  const auto kept = std::unique(members.rbegin(), members.rend(), same_key);
  members.erase(members.begin(), kept.base());
}

// The API server sends members in order; those that come otherwise are put in order first, so that
// no object takes more than n log n.
bool SameMembers(Members a, Members b) {
  if (!std::ranges::equal(a, b, {}, &Members::value_type::first, &Members::value_type::first)) {
    Order(a);
    Order(b);
    if (!std::ranges::equal(a, b, {}, &Members::value_type::first, &Members::value_type::first)) {
      return false;
    }
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Same(a[i].second, b[i].second)) return false;
  }
  return true;
}

bool SameElements(JsonView a, JsonView b) {
  std::vector<JsonView> left, right;
  a.ForEachElement([&](JsonView element) { left.push_back(element); });
  b.ForEachElement([&](JsonView element) { right.push_back(element); });
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (!Same(left[i], right[i])) return false;
  }
  return true;
}

bool Same(JsonView a, JsonView b) {
  if (a.is_object()) return b.is_object() && SameMembers(MembersOf(a), MembersOf(b));
  if (a.is_array()) return b.is_array() && SameElements(a, b);
  if (const auto text = a.string()) return b.string() == text;
  if (const auto boolean = a.boolean()) return b.boolean() == boolean;
  if (const auto integer = a.integer()) return b.integer() == integer;
  if (const auto number = a.number()) return b.number() == number && !b.integer();
  return a.is_null() && b.is_null();
}

Members AskedMembers(JsonView object) {
  Members asked;
  for (const auto& [key, value] : MembersOf(object)) {
    if (!IsAsked(key)) continue;
    if (key != "spec" || !value.is_object()) {
      asked.emplace_back(key, value);
      continue;
    }
    for (const auto& member : MembersOf(value)) {
      if (member.first != "suspend") asked.push_back(member);
    }
  }
  return asked;
}

}  // namespace

uint64_t DigestOfAsked(JsonView object) {
  uint64_t sum = 0;
  object.ForEachMember([&](std::string_view key, JsonView value) {
    if (!IsAsked(key)) return;
    const uint64_t place = HashText(1, key);
    sum += SumOfLeaves(value, place);
    // Turning a job off and on again asks for nothing else.
    if (key == "spec") sum -= SumOfLeaves(value["suspend"], HashText(place, "suspend"));
  });
  return sum;
}

bool SameAsked(JsonView a, JsonView b) { return SameMembers(AskedMembers(a), AskedMembers(b)); }

}  // namespace ballast::webhook
