#include <istream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "k8s/manifest_reader.h"
#include "k8s/node_collector.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

// A stream's characters, with the place of the next one. Copies share the stream and the place.
class PlacedInput {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  PlacedInput() = default;  // the end
  PlacedInput(std::istream& input, SourcePlace& place) : buffer_(input.rdbuf()), place_(&place) {}

  char operator*() const { return static_cast<char>(buffer_->sgetc()); }
  PlacedInput& operator++() {
    if (buffer_->sbumpc() == '\n') {
      ++place_->line;
      place_->column = 1;
    } else {
      ++place_->column;
    }
    return *this;
  }
  // Only ever asked against the end.
  bool operator==(const PlacedInput&) const {
    return buffer_ == nullptr || buffer_->sgetc() == std::char_traits<char>::eof();
  }

 private:
  std::streambuf* buffer_ = nullptr;
  SourcePlace* place_ = nullptr;
};

class Events : public json::json_sax_t {
 public:
  Events(NodeCollector& collector, const SourcePlace& now) : collector_(collector), now_(now) {}

  bool null() override {
    collector_.Null();
    return true;
  }
  bool boolean(bool value) override { return Scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Scalar(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return Scalar(text); }
  bool string(string_t& text) override { return Scalar(text, 2); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    if (!Deeper()) return false;
    collector_.BeginMap(Before(1));
    return !collector_.error();
  }
  bool start_array(std::size_t) override {
    if (!Deeper()) return false;
    collector_.BeginList(Before(1));
    return !collector_.error();
  }
  bool end_object() override { return End(); }
  bool end_array() override { return End(); }
  bool key(string_t& text) override {
    collector_.Key(text);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception& problem) override {
    const std::string what = problem.what();
    const size_t at = what.find("syntax error");
    collector_.Fail(Before(1),
                    "is not valid JSON: " + (at == std::string::npos ? what : what.substr(at)));
    return false;
  }

 private:
  // The place of what was just read and is so long.
  SourcePlace Before(size_t length) const {
    SourcePlace place = now_;
    const auto columns = static_cast<int>(length);
    if (place.column > columns) place.column -= columns;
    return place;
  }

  bool Scalar(const std::string& text, size_t quotes = 0) {
    collector_.Scalar(text, Before(text.size() + quotes));
    return !collector_.error();
  }

  bool Deeper() {
    if (++depth_ > kMostDepth) collector_.Fail(Before(1), "is nested deeper than 256 levels");
    return !collector_.error();
  }

  bool End() {
    --depth_;
    collector_.End();
    return !collector_.error();
  }

  NodeCollector& collector_;
  const SourcePlace& now_;
  size_t depth_ = 0;
};

}  // namespace

void ReadNodesJson(std::istream& input, NodeCollector& collector) {
  SourcePlace now{1, 1};
  Events events(collector, now);
  // One value after the other, as `kubectl get --watch` prints them.
  while (!collector.error() && (input >> std::ws).peek() != std::istream::traits_type::eof()) {
    json::sax_parse(PlacedInput(input, now), PlacedInput(), &events, json::input_format_t::json,
                    false);
  }
}

}  // namespace ballast::k8s
