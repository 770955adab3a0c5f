#include "webhook/policy_file/near_word.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ballast::webhook {
namespace {

constexpr size_t kLongest = 64;  // longer words are not compared: the cost is their product

char Lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Letters to insert, take away, change or swap with their neighbour.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
          Lower(a[i - 2]) == Lower(b[j - 1])) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

// With at most so many letters wrong.
std::string_view NearWord(std::string_view written, std::span<const std::string_view> words,
                          size_t wrong) {
  if (written.size() > kLongest) return "";
  std::string_view nearest;
  size_t least = wrong + 1;
  for (const std::string_view word : words) {
    if (word.size() > kLongest || word.size() + wrong < written.size() ||
        written.size() + wrong < word.size()) {
      continue;
    }
    const size_t distance = Distance(written, word);
    if (distance < least) {
      least = distance;
      nearest = word;
    }
  }
  return nearest;
}

}  // namespace

std::string DidYouMean(std::string_view written, std::span<const std::string_view> words) {
  const std::string_view near = NearWord(written, words, std::max<size_t>(1, written.size() / 3));
  return near.empty() ? "" : "; did you mean " + std::string(near) + "?";
}

std::string_view Meant(std::string_view written, std::span<const std::string_view> words) {
  return NearWord(written, words, written.size() / 4);
}

std::string_view ButForALetter(std::string_view written, std::span<const std::string_view> words) {
  return NearWord(written, words, 1);
}

std::string Enumerated(std::span<const std::string_view> words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace ballast::webhook
