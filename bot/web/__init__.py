"""What every page stands on, the chat's and the desk's: errors, forms, cookies, assets, look, proxy, limits."""
