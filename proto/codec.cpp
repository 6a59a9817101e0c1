#include "proto/codec.hpp"

#include "proto/error.hpp"

#include <bit>
#include <msgpack.hpp>

namespace p2pd::proto {

namespace {

// The stream interface of msgpack::packer.
struct Sink {
  Bytes& out;
  void write(const char* data, std::size_t size) { out.insert(out.end(), data, data + size); }
};

template <class Pack>
void with_packer(Bytes& out, Pack&& pack) {
  Sink sink{out};
  pack(msgpack::packer<Sink>(sink));
}

std::uint32_t length32(std::size_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max()) throw Error("value too long for msgpack");
  return static_cast<std::uint32_t>(size);
}

} // namespace

void Encoder::nil() {
  with_packer(out_, [](auto packer) { packer.pack_nil(); });
}
void Encoder::boolean(bool value) {
  with_packer(out_, [&](auto packer) { value ? packer.pack_true() : packer.pack_false(); });
}
void Encoder::integer(std::int64_t value) {
  with_packer(out_, [&](auto packer) { packer.pack_int64(value); });
}
void Encoder::natural(std::uint64_t value) {
  with_packer(out_, [&](auto packer) { packer.pack_uint64(value); });
}
void Encoder::real(double value) {
  with_packer(out_, [&](auto packer) { packer.pack_double(value); });
}
void Encoder::str(std::string_view value) {
  with_packer(out_, [&](auto packer) {
    packer.pack_str(length32(value.size())).pack_str_body(value.data(), length32(value.size()));
  });
}
void Encoder::bin(View value) {
  with_packer(out_, [&](auto packer) {
    packer.pack_bin(length32(value.size()))
        .pack_bin_body(text(value).data(), length32(value.size()));
  });
}
void Encoder::array(std::size_t elements) {
  with_packer(out_, [&](auto packer) { packer.pack_array(length32(elements)); });
}
void Encoder::map(std::size_t pairs) {
  with_packer(out_, [&](auto packer) { packer.pack_map(length32(pairs)); });
}

// Receives msgpack-c's parse events; returning false stops the parse.
class Decoder::Visitor : public msgpack::null_visitor {
 public:
  explicit Visitor(std::vector<Token>& tokens) : tokens_(tokens) {}

  void begin(Limits limits) {
    limits_ = limits;
    depth_ = 0;
    failure_ = nullptr;
  }
  void init() {} // msgpack-c's own begin

  bool visit_nil() { return push(Kind::nil, 0); }
  bool visit_boolean(bool value) { return push(Kind::boolean, value); }
  bool visit_positive_integer(std::uint64_t value) { return push(Kind::natural, value); }
  bool visit_negative_integer(std::int64_t value) { // or any that came in a signed form
    return push(value < 0 ? Kind::negative : Kind::natural, std::bit_cast<std::uint64_t>(value));
  }
  bool visit_float32(float value) { return visit_float64(value); }
  bool visit_float64(double value) { return push(Kind::real, std::bit_cast<std::uint64_t>(value)); }
  bool visit_str(const char* data, std::uint32_t size) { return push(Kind::str, size, data); }
  bool visit_bin(const char* data, std::uint32_t size) { return push(Kind::bin, size, data); }
  bool visit_ext(const char*, std::uint32_t) { return fail("extension type"); }
  bool start_array(std::uint32_t count) { return descend() && push(Kind::array, count); }
  bool start_map(std::uint32_t count) { return descend() && push(Kind::map, count); }
  bool end_array() { return ascend(); }
  bool end_map() { return ascend(); }
  void parse_error(std::size_t, std::size_t) { fail("malformed msgpack"); }

  const char* failure() const { return failure_; }

 private:
  bool push(Kind kind, std::uint64_t number, const char* data = nullptr) {
    if (tokens_.size() == limits_.tokens) return fail("too many values");
    tokens_.push_back({kind, number, data});
    return true;
  }
  bool descend() { return ++depth_ <= limits_.depth || fail("nested too deeply"); }
  bool ascend() {
    --depth_;
    return true;
  }
  bool fail(const char* why) {
    failure_ = why;
    return false;
  }

  std::vector<Token>& tokens_;
  Limits limits_;
  std::size_t depth_ = 0;
  const char* failure_ = nullptr;
};

// msgpack::parse would create it per value; kept here because its stack is an allocation.
struct Decoder::Parser {
  explicit Parser(std::vector<Token>& tokens) : visitor(tokens) {}
  Visitor visitor;
  msgpack::detail::parse_helper<Visitor> steps{visitor};
};

Decoder::Decoder() : parser_(std::make_unique<Parser>(tokens_)) {}
Decoder::~Decoder() = default;

void Decoder::open(View bytes, Limits limits) {
  tokens_.clear();
  next_ = 0;
  if (bytes.empty()) throw Error("cut-off msgpack");
  parser_->visitor.begin(limits);
  parser_->steps.init();
  std::size_t end = 0;
  const auto result = parser_->steps.execute(text(bytes).data(), bytes.size(), end);
  if (const char* const why = parser_->visitor.failure()) throw Error(why);
  if (result == msgpack::PARSE_CONTINUE) throw Error("cut-off msgpack");
  if (result != msgpack::PARSE_SUCCESS) throw Error("malformed msgpack");
  if (end != bytes.size()) throw Error("surplus bytes after the value");
}

const Decoder::Token& Decoder::take(Kind kind) {
  if (next_ == tokens_.size()) throw Error("a field is missing");
  if (tokens_[next_].kind != kind) throw Error("a field has the wrong type");
  return tokens_[next_++];
}

Decoder::Kind Decoder::peek() const {
  return next_ == tokens_.size() ? Kind::end : tokens_[next_].kind;
}

void Decoder::finish() const {
  if (next_ != tokens_.size()) throw Error("surplus fields");
}

void Decoder::nil() {
  take(Kind::nil);
}
bool Decoder::boolean() {
  return take(Kind::boolean).number != 0;
}

std::uint64_t Decoder::natural(std::uint64_t max) {
  const std::uint64_t value = take(Kind::natural).number;
  if (value > max) throw Error("a number is out of range");
  return value;
}

std::int64_t Decoder::integer() {
  if (peek() == Kind::negative) return std::bit_cast<std::int64_t>(take(Kind::negative).number);
  return static_cast<std::int64_t>(natural(std::numeric_limits<std::int64_t>::max()));
}

double Decoder::real() {
  return std::bit_cast<double>(take(Kind::real).number);
}

std::string_view Decoder::str(std::size_t max_bytes) {
  const Token& token = take(Kind::str);
  if (token.number > max_bytes) throw Error("a text is too long");
  return {token.data, token.number};
}

View Decoder::bin(std::size_t max_bytes) {
  const Token& token = take(Kind::bin);
  if (token.number > max_bytes) throw Error("a byte string is too long");
  return view({token.data, token.number});
}

std::size_t Decoder::array(std::size_t max_elements) {
  const std::uint64_t count = take(Kind::array).number;
  if (count > max_elements) throw Error("a list is too long");
  return count;
}

void Decoder::array_of(std::size_t elements) {
  if (array(elements) != elements) throw Error("a field is missing");
}

std::size_t Decoder::map(std::size_t max_pairs) {
  const std::uint64_t count = take(Kind::map).number;
  if (count > max_pairs) throw Error("a map is too long");
  return count;
}

} // namespace p2pd::proto
