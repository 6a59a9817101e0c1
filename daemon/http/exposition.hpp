// Writes the text format of Prometheus, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
//
//   text.gauge("p2pd_peers", "Peers that are here.").value(3);
//   text.counter("p2pd_refusals_total", "What was refused.").value(7, {{"cause", "late"}});
//
// Names and help texts are our literals, label values may be anything. Thread: any; values only.
#pragma once

#include "daemon/io/histogram.hpp"

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace p2pd::http {

class Exposition final {
 public:
  struct Label {
    std::string_view name;
    std::string_view value;
  };
  using Labels = std::initializer_list<Label>;

  // Begins a metric; its values follow.
  Exposition& gauge(std::string_view name, std::string_view help);
  Exposition& counter(std::string_view name, std::string_view help); // the name ends in _total

  void value(std::integral auto number, Labels labels = {}) {
    sample("", labels, std::to_string(number));
  }
  void value(double number, Labels labels = {});

  // A whole metric, in seconds.
  void histogram(std::string_view name, std::string_view help, const io::Histogram& histogram);

  std::string take() { return std::move(text_); }

 private:
  void begin(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string_view suffix, Labels labels, std::string_view number);

  std::string name_; // of the metric whose values follow
  std::string text_;
};

} // namespace p2pd::http
