import { ArrowDownUp, Check } from "lucide-react";
import { Button } from "../../../components/button.tsx";
import { Menu, MenuItem } from "../../../components/menu.tsx";
import type { PlaceOrder } from "../view/weigh.ts";

interface OrderMenuProps {
  readonly order: PlaceOrder;
  /** Answers have come that would change the order; it is offered, never imposed. */
  readonly stale: boolean;
  readonly onOrder: (order: PlaceOrder) => void;
}

const orders: readonly (readonly [PlaceOrder, string])[] = [
  ["plan", "As asked"],
  ["verdict", "Gravest first"],
  ["name", "By name"],
  ["time", "Quickest first"],
];

export function OrderMenu({ order, stale, onOrder }: OrderMenuProps) {
  return (
    <>
      {stale && (
        <Button size="s" variant="plain" onClick={() => onOrder(order)}>
          Put in order
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <Button size="s" variant="plain" icon={<ArrowDownUp size={14} aria-hidden />}>
            {orders.find(([name]) => name === order)?.[1]}
          </Button>
        }
      >
        {orders.map(([name, words]) => (
          <MenuItem key={name} icon={name === order ? <Check size={16} /> : null} onSelect={() => onOrder(name)}>
            {words}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
