"""The size: shapes, free pixels, ready sizes, tiers and the plate that tells what comes back."""
