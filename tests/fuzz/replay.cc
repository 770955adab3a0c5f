// Drives a fuzz target without libFuzzer: replays every file of a corpus, then feeds mutations of
// them for some seconds. The same seed gives the same inputs in the same order.
//
//   fuzz_quantity CORPUS_FOLDER [SECONDS [SEED]]
//   fuzz_quantity FILE                             one input, to look at a failure
//
// An input that crashes is left in the working folder as crash-<target>.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

// The sanitizers must end with a signal, so that the input is kept.
extern "C" const char* __asan_default_options() {
  return "abort_on_error=1:detect_leaks=0:hard_rss_limit_mb=2048:allocator_may_return_null=0";
}
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1:print_stacktrace=1"; }

namespace {

constexpr size_t kLongestInput = 1 << 16;
// What one input may take before it counts as a failure. The sanitizers count memory by themselves,
// and reserve far more of it than they use.
constexpr unsigned kMostSeconds = 10;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr rlim_t kMostMemory = rlim_t{2} << 30;
#endif

// What the signal handler writes away; set before each run.
const std::string* g_input = nullptr;
std::string g_crash_file;

void KeepInput(int signal) {
  const int file = open(g_crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0 && g_input != nullptr) {
    [[maybe_unused]] const ssize_t written = write(file, g_input->data(), g_input->size());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void Run(const std::string& input) {
  g_input = &input;
  alarm(kMostSeconds);
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  alarm(0);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> ReadCorpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const auto& path : paths) corpus.push_back(ReadFile(path));
  return corpus;
}

// Makes inputs that are near the corpus: a few edits of one of its files.
class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, uint64_t seed) : corpus_(corpus), random_(seed) {}

  std::string Next() {
    std::string input = Any();
    for (size_t edits = 1 + Below(4); edits > 0; --edits) Edit(input);
    if (input.size() > kLongestInput) input.resize(kLongestInput);
    return input;
  }

 private:
  size_t Below(size_t bound) { return bound == 0 ? 0 : static_cast<size_t>(random_() % bound); }
  const std::string& Any() { return corpus_[Below(corpus_.size())]; }

  void Edit(std::string& input) {
    const size_t at = Below(input.size() + 1);
    switch (Below(7)) {
      case 0:  // flip one bit
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << Below(8)));
        break;
      case 1:  // any byte
        if (at < input.size()) input[at] = static_cast<char>(Below(256));
        break;
      case 2: {  // a byte that means something to one of the grammars
        static constexpr std::string_view kTelling = "0123456789.-+eE\"\\{}[]:,=!# \t\nmkKMGTPi/~";
        input.insert(at, 1, kTelling[Below(kTelling.size())]);
        break;
      }
      case 3:  // drop a piece
        if (at < input.size()) input.erase(at, 1 + Below(std::min<size_t>(input.size(), 64)));
        break;
      case 4:  // say a piece twice
        if (at < input.size()) input.insert(Below(input.size()), input.substr(at, 1 + Below(64)));
        break;
      case 5: {  // a number at the edge
        static constexpr std::string_view kEdges[] = {"0",          "-1",
                                                      "2147483647", "2147483648",
                                                      "1e400",      "9223372036854775807",
                                                      "0.0000001",  "18446744073709551616"};
        input.insert(at, kEdges[Below(std::size(kEdges))]);
        break;
      }
      default: {  // a piece of another file
        const std::string& other = Any();
        const size_t from = Below(other.size() + 1);
        input.insert(at, other.substr(from, Below(256)));
      }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER|FILE [SECONDS [SEED]]\n", argv[0]);
    return 2;
  }
  g_crash_file = "crash-" + std::filesystem::path(argv[0]).filename().string();
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
    std::signal(signal, KeepInput);
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit memory = {kMostMemory, kMostMemory};
  setrlimit(RLIMIT_AS, &memory);
#endif
  if (!std::filesystem::is_directory(argv[1])) {
    Run(ReadFile(argv[1]));
    return 0;
  }

  const std::vector<std::string> corpus = ReadCorpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s: the corpus %s is empty\n", argv[0], argv[1]);
    return 1;
  }
  for (const std::string& input : corpus) Run(input);

  const auto seconds = std::chrono::duration<double>(argc > 2 ? std::atof(argv[2]) : 0);
  Mutator mutator(corpus, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 20261121);
  const auto start = std::chrono::steady_clock::now();
  uint64_t inputs = corpus.size();
  while (std::chrono::steady_clock::now() - start < seconds) {
    Run(mutator.Next());
    ++inputs;
  }
  std::printf("%llu inputs from %zu files, no failure\n", static_cast<unsigned long long>(inputs),
              corpus.size());
  return 0;
}
