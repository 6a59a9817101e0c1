#include "proto/message.hpp"

#include "proto/frame.hpp"

#include <array>

namespace p2pd::proto {

namespace {

using Make = Message (*)(Decoder&);

template <class M>
Message make(Decoder& in) {
  M message;
  std::apply([&](auto&... field) { (get(in, field), ...); }, M::fields(message));
  check(message);
  return message;
}

struct Maker {
  Make make = nullptr;
  std::size_t arity = 0;
};

template <class... M>
constexpr auto makers_of(std::variant<M...>*) {
  std::array<Maker, 256> table{};
  const auto enter = [&]<class One>(One*) {
    if (table[One::type].make != nullptr) throw "two messages of one type";
    table[One::type] = {&make<One>, std::tuple_size_v<decltype(One::fields(std::declval<One&>()))>};
  };
  (enter(static_cast<M*>(nullptr)), ...);
  return table;
}

constexpr auto makers = makers_of(static_cast<Message*>(nullptr));

} // namespace

Message::Message(const Message& other) = default;
Message::Message(Message&& other) noexcept = default;
Message::~Message() = default;

void encode_frame(const Message& message, Bytes& out) {
  FrameWriter frame(out);
  Encoder encoder(out);
  std::visit(
      [&](const auto& m) {
        std::apply(
            [&](const auto&... field) {
              encoder.array(1 + sizeof...(field));
              encoder.natural(m.type);
              (put(encoder, field), ...);
            },
            m.fields(m));
      },
      message);
  frame.close();
}

Message decode(Decoder& decoder, View payload) {
  decoder.open(payload);
  const std::size_t elements = decoder.array(64);
  if (elements == 0) throw Error("a message without a type");
  const Maker& maker = makers[decoder.natural(255)];
  if (maker.make == nullptr) throw Error("an unknown message type");
  if (elements != 1 + maker.arity) throw Error("a field is missing or surplus");
  Message message = maker.make(decoder);
  decoder.finish();
  return message;
}

std::string_view title(const Message& message) {
  return std::visit([](const auto& m) { return m.title; }, message);
}

} // namespace p2pd::proto
