// Load on a TLS server from one thread: closed loop (as fast as it answers) and open loop (at a
// fixed rate, where an answer that is late does not hold back the next request, so that its waiting
// counts as a client would feel it).
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ballast::bench {

struct Load {
  int port = 0;
  std::string request;  // head and body
  size_t connections = 8;
  std::chrono::milliseconds time{3000};
  double per_second = 0;  // open loop at this rate; 0: closed loop
};

struct Measured {
  size_t answered = 0;
  size_t failed = 0;
  double seconds = 0;
  std::vector<double> micros;  // of each answer, sorted; from when it was due to its last byte
  std::string answer;          // the body of one

  double Percentile(double share) const;
  double PerSecond() const { return static_cast<double>(answered) / seconds; }
};

Measured Run(const Load& load);

}  // namespace ballast::bench
